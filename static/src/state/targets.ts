/** The targets of samples that were taken away, so that samples that come back have theirs again. */
import type { Rows } from "../api/types";
import type { Spec } from "./spec";

export class Targets {
  #preset = "";
  #rows: Rows = [];

  /** As many rows of Y as there are samples; where none was there before, the last one once more. */
  forSamples({ preset, Y }: Pick<Spec, "preset" | "Y">, samples: number): Rows | null {
    if (!Y) return null;
    const width = Y[0]?.length ?? 0;
    const isOther = preset !== this.#preset || this.#rows.some((row) => row.length !== width);
    this.#rows = [...Y, ...(isOther ? [] : this.#rows.slice(Y.length))];
    this.#preset = preset;
    return Array.from({ length: samples }, (_, p) => this.#rows[p] ?? Y.at(-1) ?? []);
  }
}
