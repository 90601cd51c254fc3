/** Which part of the plane is shown, and small arithmetic of the pictures. */
import type { PictureData, Window } from "./types";

const MARGIN = 0.12;
/** Features whose ranges differ by more than this each get a scale of their own. */
const ALIKE = 3;

export type Point = readonly number[];

/** The points as a person gave them: before they were standardised, or features were made of them. */
export const pointsOf = (data: PictureData): readonly Point[] => data.measured?.X ?? data.raw ?? data.X;

/** The names of a point's numbers. */
export const axesOf = (data: PictureData): readonly string[] => data.measured?.features ?? data.features;

function rangeOf(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (!(low <= high)) return [-1, 1];
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** A window around all points with a margin; of one scale on both axes where these are alike. */
export function viewOf(points: readonly Point[], features: readonly [number, number] = [0, 1]): Window {
  const ranges = features.map((feature) => rangeOf(points.map((point) => point[feature] ?? 0)));
  const lengths = ranges.map(([from, to]) => to - from);
  const [longest, shortest] = [Math.max(...lengths), Math.min(...lengths)];
  const isAlike = longest <= ALIKE * shortest;
  return ranges.map(([from, to], i): readonly [number, number] => {
    const half = ((isAlike ? longest : (lengths[i] ?? 1)) * (1 + 2 * MARGIN)) / 2;
    const middle = (from + to) / 2;
    return [middle - half, middle + half];
  });
}

/** The range of one input, with a margin. */
export function spanOf(values: readonly number[], margin = MARGIN): readonly [number, number] {
  const [from, to] = rangeOf(values);
  return [from - (to - from) * margin, to + (to - from) * margin];
}

/** The nearest of the points within `reach`, in pixels; −1 where there is none. */
export function nearestPoint(places: readonly (readonly [number, number])[], [x, y]: readonly [number, number], reach: number): number {
  let [best, least] = [-1, reach];
  places.forEach(([px, py], i) => {
    const away = Math.hypot(px - x, py - y);
    if (away <= least) [best, least] = [i, away];
  });
  return best;
}

/** Rows with the largest loss first; a loss that isn't finite is the largest. */
export function worstFirst(losses: readonly (number | null)[], among: readonly number[]): number[] {
  return [...among].sort((a, b) => (losses[b] ?? Infinity) - (losses[a] ?? Infinity) || a - b);
}

/** To the digits that a pixel can tell apart. */
export function roundedTo(value: number, unit: number): number {
  const places = Math.max(0, Math.min(12, Math.ceil(-Math.log10(unit))));
  return Number(value.toFixed(places));
}

/** The largest |value|: full colour. Units that are never off 0 have a scale all the same. */
export function reachOf(sheets: readonly { readonly values: ArrayLike<number> }[]): number {
  let largest = 0;
  for (const { values } of sheets) {
    for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
  }
  return Number.isFinite(largest) && largest > 0 ? largest : 1;
}

/** The largest finite loss among these rows; 1 where there is none above 0. */
export function largestLoss(losses: readonly (number | null)[], among: readonly number[]): number {
  let largest = 0;
  for (const row of among) largest = Math.max(largest, losses[row] ?? 0);
  return largest || 1;
}

/** Where the largest value stands; −1 where there is none. */
export function largest(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? -Infinity) ? i : best), -1);
}

/** The view as it was where points are being drawn into it, or one that holds all points. */
export function keptView(known: Window | null, points: readonly Point[], isDrawing: boolean): Window {
  return known && isDrawing ? known : viewOf(points);
}
