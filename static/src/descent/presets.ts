/** The catalogue's presets as what the page computes. */
import { learningIn } from "../learning/learning";
import type { Setup } from "./setup";
import type { DescentCatalog, DescentPreset } from "./types";

/** The one that an empty address opens, where the catalogue has it. */
const OPENING = "calm";

export function setupOf({ surface, start, runs, direction, stop }: DescentPreset, catalog: DescentCatalog): Setup {
  return {
    surface,
    start,
    runs: runs.map((run) => learningIn(run, catalog)),
    direction,
    stop: { most: stop.max_iterations, valueChange: stop.value_change, gradientNorm: stop.gradient_norm, require: stop.require },
  };
}

export const openingOf = ({ descent_presets: presets }: DescentCatalog): DescentPreset | undefined =>
  presets.find(({ name }) => name === OPENING) ?? presets[0];

/** The preset whose setup this is: the named one, if it is among those that fit. */
export function presetOf(setup: Setup | null, name: string | null, catalog: DescentCatalog): DescentPreset | undefined {
  const now = JSON.stringify(setup);
  const fitting = catalog.descent_presets.filter((each) => JSON.stringify(setupOf(each, catalog)) === now);
  return fitting.find((each) => each.name === name) ?? fitting[0];
}
