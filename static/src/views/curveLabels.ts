/** Where a small curve has room for the number of a level. */
type Side = "start" | "end";

/** The end at which the curve is farther from the level; the start where both are alike. What isn't finite is no curve. */
export function sideOf(ys: readonly number[], level: number): Side {
  const finite = ys.filter(Number.isFinite);
  const away = (y: number | undefined): number => Math.abs((y ?? level) - level);
  return away(finite.at(-1)) > away(finite[0]) ? "end" : "start";
}
