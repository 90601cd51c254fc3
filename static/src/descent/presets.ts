/** The catalogue's presets as what the page computes. */
import { runOf, type Run, type Setup } from "./setup";
import type { DescentCatalog, DescentPreset } from "./types";

/** The one that an empty address opens, where the catalogue has it. */
const OPENING = "calm";

type Given = Readonly<Record<string, unknown>>;

const numbersIn = (given: Given): Record<string, number> =>
  Object.fromEntries(Object.entries(given).filter((entry): entry is [string, number] => typeof entry[1] === "number"));

function presetRun(catalog: DescentCatalog, { optimizer, schedule }: DescentPreset["runs"][number]): Run {
  const run = runOf(catalog, optimizer.name, numbersIn(optimizer), schedule.name, numbersIn(schedule));
  const switches = Object.fromEntries(Object.keys(run.switches).map((name) => [name, (optimizer as Given)[name] === true]));
  return { ...run, switches };
}

export function setupOf({ surface, start, runs, direction, stop }: DescentPreset, catalog: DescentCatalog): Setup {
  return {
    surface,
    start,
    runs: runs.map((run) => presetRun(catalog, run)),
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
