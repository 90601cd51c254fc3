/** The network over the plane with the parameters before a step and after it. */
import { askRegions } from "../../api/regions";
import type { GivenLayer } from "../../api/types";
import { Follower, type Preparation } from "../pictures/follow.svelte";
import type { PictureData, Regions, Window } from "../pictures/types";

const SIDE = 120;

export interface PairQuestion {
  readonly data: PictureData;
  readonly view: Window;
  readonly preparation: Preparation;
  readonly before: readonly GivenLayer[];
  readonly after: readonly GivenLayer[];
}

export const followPlanePair = (): Follower<PairQuestion, { before: Regions; after: Regions }> =>
  new Follower(async ({ view, preparation, before, after }) => {
    const ask = (layers: readonly GivenLayer[]): Promise<Regions | null> =>
      askRegions({ network: { layers }, view, shape: [SIDE, SIDE], neurons: null, ...preparation });
    const [one, other] = await Promise.all([ask(before), ask(after)]);
    return one && other && { before: one, after: other };
  });
