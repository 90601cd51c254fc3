/** How single numbers are named and coloured, from the trace on the screen. */
import { describeCell } from "../../model/trace";
import { shortName } from "../../model/words";
import { store } from "../../state/store.svelte";
import type { Naming } from "../../views/types";
import { fractions } from "../fractions.svelte";
import { familyOf } from "../scales";
import { shortPlace } from "./place";

export function namingBy(scales: ReadonlyMap<string, number>): Naming {
  const tensorOf = (id: string) => store.trace?.tensors[id];
  return {
    nameOf(id, cell) {
      const tensor = tensorOf(id);
      return [shortName(id), tensor ? describeCell(tensor, cell) : ""].filter(Boolean).join(", ");
    },
    captionOf(id, cell) {
      const tensor = tensorOf(id);
      return `${shortName(id)} ${tensor ? shortPlace(tensor, cell) : ""}`.trim();
    },
    scaleOf(id) {
      const tensor = tensorOf(id);
      return tensor ? (scales.get(familyOf(tensor)) ?? 1) : 1;
    },
    fractionOf: fractions.at,
  };
}
