/** The learning rate of the selected run, which a drag or a key changes live. */
import { edit, lab } from "./lab.svelte";
import type { Run } from "./setup";

/** To three digits: as a person would choose it. */
export const thousandth = (value: number): number => Number(value.toPrecision(3));

/** To the digits that a pixel can tell apart. */
export function toPixel(value: number, unit: number): number {
  const places = Math.max(0, Math.min(15, Math.ceil(-Math.log10(unit))));
  return Number(value.toFixed(places));
}

/** η, or null where the method has none. */
export const rateOf = (run: Run | undefined): number | null => run?.numbers["learning_rate"] ?? null;

/** Whether the run's steps are all as long as its rate says. */
export const isSteady = (run: Run | undefined): boolean => rateOf(run) !== null && run?.schedule === "constant";

/** Plain gradient descent with a fixed step: what the theory of the band is about. */
export const isPlain = (run: Run | undefined): boolean =>
  run?.method === "gradient_descent" && isSteady(run) && !Object.values(run.switches).includes(true);

/** Changes the selected run; while `passing`, nothing goes into the history. */
export function setRate(rate: number, passing = false): void {
  const { setup, selected } = lab;
  if (!setup || !(rate > 0) || !Number.isFinite(rate)) return;
  const runs = setup.runs.map((run, i) => (i === selected ? { ...run, numbers: { ...run.numbers, learning_rate: rate } } : run));
  edit({ runs }, { passing });
}
