/** Windows, contour levels, log scales: pure arithmetic of the pictures. */
import { quantileSorted } from "d3-array";
import type { Point, Range, Window } from "./types";

const SHARES = [0.005, 0.02, 0.05, 0.1, 0.17, 0.25, 0.34, 0.43, 0.52, 0.61, 0.7, 0.79, 0.87, 0.94, 0.985];
const SMALLEST_WINDOW = 1e-7;
const LARGEST_WINDOW = 4e5;

/** The smallest window of the picture's proportions around another: both axes have one scale, so that right angles look right. */
export function fitWindow(window: Window, width: number, height: number): Window {
  const lengths = [width, height];
  const unit = Math.max(...window.map(([from, to], i) => (to - from) / (lengths[i] ?? 1)));
  return window.map(([from, to], i): Range => [(from + to - unit * (lengths[i] ?? 1)) / 2, (from + to + unit * (lengths[i] ?? 1)) / 2]);
}

/** Smaller (factor < 1) or larger around a point; the same where it would leave what can be computed. */
export function zoomed(window: Window, factor: number, at: Point): Window {
  const next = window.map(([from, to], i): Range => {
    const middle = at[i] ?? (from + to) / 2;
    return [middle + (from - middle) * factor, middle + (to - middle) * factor];
  });
  const size = Math.min(...next.map(([from, to]) => to - from));
  return size < SMALLEST_WINDOW || size > LARGEST_WINDOW ? window : next;
}

export function moved(window: Window, by: Point): Window {
  return window.map(([from, to], i): Range => [from + (by[i] ?? 0), to + (by[i] ?? 0)]);
}

/** A margin all around, so that a drag doesn't meet an empty edge at once. */
export function grown(window: Window, share: number): Window {
  return window.map(([from, to]): Range => [from - (to - from) * share, to + (to - from) * share]);
}

/** Levels that share out the picture's area, or (for a peak) the height, rounded to two digits of their differences. */
export function levelsOf(values: readonly (number | null)[], isPeak = false): number[] {
  const sorted = [...Float64Array.from(values.filter((value): value is number => value !== null && Number.isFinite(value))).sort()];
  if (sorted.length === 0) return [];
  const [lowest = 0, highest = 0] = [sorted[0], sorted.at(-1)];
  const height = (share: number): number => (isPeak ? lowest + share * (highest - lowest) : (quantileSorted(sorted, share) ?? 0));
  const largest = Math.max(Math.abs(lowest), Math.abs(highest));
  const digits = Math.min(12, 2 + Math.max(0, Math.round(Math.log10(largest / (highest - lowest || 1)))));
  const levels = SHARES.map((share) => Number(height(share).toPrecision(digits)));
  return [...new Set(levels)].filter((level) => level > lowest && level < highest);
}

/** Whole powers of ten around the positive numbers, or null where there is none. */
export function logRange(values: Iterable<number | null | undefined>, smallest = 1e-18): Range | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null || value === undefined || !(value > 0) || !Number.isFinite(value)) continue;
    low = Math.min(low, Math.max(value, smallest));
    high = Math.max(high, value);
  }
  if (low > high) return null;
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  return [10 ** from, 10 ** (to === from ? from + 1 : to)];
}

/** A few whole powers of ten of a log range. */
export function powersIn([from, to]: Range, most: number): number[] {
  const [low, high] = [Math.round(Math.log10(from)), Math.round(Math.log10(to))];
  const stride = Math.max(1, Math.ceil((high - low) / most));
  const powers: number[] = [];
  for (let power = low; power <= high; power += stride) powers.push(10 ** power);
  return powers;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A whole power of ten as it is written on paper: 10⁻⁶. */
export function powerText(value: number): string {
  const power = Math.round(Math.log10(value));
  return `10${power < 0 ? "⁻" : ""}${[...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("")}`;
}

/** Which of so many points are drawn: never more than `most`, always the last. */
export function thinned(count: number, most: number): number[] {
  const stride = Math.max(1, Math.ceil(count / most));
  const places: number[] = [];
  for (let i = 0; i < count; i += stride) places.push(i);
  if (count > 0 && places.at(-1) !== count - 1) places.push(count - 1);
  return places;
}

/** Heights for labels at points: those that stand near each other move apart, downwards. */
export function spread(points: readonly (readonly [number, number] | null)[], gap: number): (number | null)[] {
  const heights: (number | null)[] = points.map(() => null);
  const order = points.map((_, i) => i).sort((a, b) => (points[a]?.[1] ?? 0) - (points[b]?.[1] ?? 0));
  for (const i of order) {
    const point = points[i];
    if (!point) continue;
    const near = heights.filter((height, j) => height !== null && Math.abs((points[j]?.[0] ?? Infinity) - point[0]) < 1.5 * gap);
    heights[i] = Math.max(point[1], ...near.map((height) => (height ?? 0) + gap));
  }
  return heights;
}

/** An SVG path through the points that can be drawn; it breaks at the others. */
export function lineText(points: Iterable<readonly [number, number] | null>): string {
  let text = "";
  let isBroken = true;
  for (const point of points) {
    if (point && Number.isFinite(point[1])) text += `${isBroken ? "M" : "L"}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
    isBroken = !point || !Number.isFinite(point[1]);
  }
  return text;
}
