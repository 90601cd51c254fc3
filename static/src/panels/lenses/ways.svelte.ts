/** Both ways of each of the three pairs, for one sample alone. */
import type { components } from "../../api/schema";
import type { ConventionsChoice } from "../../api/types";
import { Asking } from "./asking.svelte";
import { PAIRS, type Pair } from "./pairs";

export type Way = components["schemas"]["LongWayAnswer"];
type Answer = components["schemas"]["LongWaysAnswer"];

/** A sample's scores and targets. */
export interface Sample {
  Z: readonly number[];
  Y: readonly number[];
}

export class Ways {
  readonly #askings = PAIRS.map((pair) => ({ pair, asking: new Asking<Answer>("/api/long-ways") }));

  /** Asks for each of the pairs, in their order; nothing for one that is null. */
  ask(samples: readonly (Sample | null)[], conventions: ConventionsChoice): void {
    this.#askings.forEach(({ pair: { activation, loss }, asking }, i) => {
      const sample = samples[i];
      if (sample) asking.ask({ activation, loss, Z: [sample.Z], Y: [sample.Y], conventions });
      else asking.rest();
    });
  }

  get answers(): { pair: Pair; way: Way }[] {
    return this.#askings.flatMap(({ pair, asking }) => {
      const way = asking.answer?.rows[0];
      return way ? [{ pair, way }] : [];
    });
  }

  of(pair: Pair): Way | null {
    return this.answers.find((each) => each.pair === pair)?.way ?? null;
  }

  get isCurrent(): boolean {
    return this.#askings.every(({ asking }) => asking.isCurrent || asking.answer === null);
  }

  get problem(): string | null {
    return this.#askings.find(({ asking }) => asking.problem !== null)?.asking.problem ?? null;
  }
}
