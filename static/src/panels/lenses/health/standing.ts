/** From a number that the diagnosis names to the moment at which it has just been computed, with its path. */
import { cellInOrder } from "../../../model/axes";
import { consumerOf } from "../../../model/timeline";
import { describeCell, flatOf, type Tensor } from "../../../model/trace";
import { shortName } from "../../../model/words";
import { goTo } from "../../../state/playback.svelte";
import { store, update } from "../../../state/store.svelte";
import type { UnitHealth } from "../../notes";
import { walkTo } from "../../pointing.svelte";

/** The first step after which a tensor is there and its iteration is at hand. */
function momentOf(id: string): number {
  const step = store.timeline.producers.get(id) ?? consumerOf(store.plan.steps, id) ?? 0;
  return step + 1;
}

function standAt(id: string, cell: number): void {
  const { pin } = store.view;
  if (pin?.tensor !== id || pin.cell !== cell) walkTo(id, cell);
  update({ view: { way: "back", hops: "all" } });
  goTo(momentOf(id));
}

export function standAtCell(id: string, cell: readonly number[]): void {
  const known = store.trace?.tensors[id];
  if (known) standAt(id, flatOf(cell, known.shape));
}

/** The pre-activation with which a unit stopped. */
export function standAtUnit({ layer, unit, sample, since }: UnitHealth): void {
  const id = `Z[${String(layer)}]@${String(since)}`;
  const known = store.trace?.tensors[id];
  if (known) standAt(id, cellInOrder(known, sample, unit));
}

/** A cell of a tensor that isn't in the trace, in words. */
export const placeBy = ({ axes, shape }: Pick<Tensor, "axes" | "shape">, cell: readonly number[]): string => describeCell({ axes, shape }, flatOf(cell, shape));

/** A cell in words: with its axes where the trace knows a tensor of that name. */
export function placeIn(tensor: string, cell: readonly number[]): string {
  const known = store.trace?.tensors[tensor] ?? Object.entries(store.trace?.tensors ?? {}).find(([id]) => shortName(id) === shortName(tensor))?.[1];
  return known ? describeCell(known, flatOf(cell, known.shape)) : cell.map((index) => index + 1).join(", ");
}
