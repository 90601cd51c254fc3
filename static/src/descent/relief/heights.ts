/** From the samples of a field to the heights of a relief: pure arithmetic of the picture. */
import { bisectRight, quantileSorted } from "d3-array";
import { scaleLinear } from "d3-scale";
import type { Field, Range, Window } from "../types";

/** A side of the mesh has so many samples at most. */
export const MOST_SAMPLES = 100;
/** Where the highest value stands further above the median than this many times what lies below it, the rest would be flat. */
const EXTREME = 12;
/** Below this share of the values the log scale is still nearly linear. */
const NEAR = 0.1;
/** Two ticks stand at least so far apart. */
const APART = 0.13;

export interface HeightScale {
  kind: "linear" | "log";
  /** 0 at the lowest value, 1 at the highest; outside the values it goes on. */
  of(value: number): number;
  ticks: readonly number[];
}

export interface Grid {
  x: readonly number[];
  y: readonly number[];
  /** Row by row, 0 … 1; NaN where the function isn't defined. */
  heights: Float64Array;
  scale: HeightScale;
}

const isNumber = (value: number | null | undefined): value is number => typeof value === "number" && Number.isFinite(value);

/** Linear, or of the logarithm where the highest values would press the others flat; a peak stays what it is. */
export function heightScale(values: readonly (number | null | undefined)[], isPeak = false): HeightScale {
  const sorted = [...Float64Array.from(values.filter(isNumber)).sort()];
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 1];
  const middle = quantileSorted(sorted, 0.5) ?? low;
  const near = (quantileSorted(sorted, NEAR) ?? low) - low;
  if (!isPeak && near > 0 && high - low > EXTREME * (middle - low)) return logScale(low, high, near);
  const range = high > low ? high - low : 1;
  return { kind: "linear", of: (value) => (value - low) / range, ticks: scaleLinear([low, low + range], [0, 1]).ticks(5) };
}

/** ln(1 + (f − low) / near): linear near the bottom, a decade a constant height above it. */
function logScale(low: number, high: number, near: number): HeightScale {
  const range = Math.log1p((high - low) / near);
  const of = (value: number): number => (value <= low ? (value - low) / near : Math.log1p((value - low) / near)) / range;
  return { kind: "log", of, ticks: logTicks(low, high, of) };
}

/** Round numbers, a power of ten from each to the next, those left out that would stand on another. */
function logTicks(low: number, high: number, of: (value: number) => number): number[] {
  const first = low + (high - low) * 1e-9;
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high)))); power > -12; power -= 1) powers.push(10 ** power);
  const ticks: number[] = [];
  for (const value of [...powers, ...powers.map((each) => -each)]) {
    if (value >= first && value <= high && ticks.every((tick) => Math.abs(of(tick) - of(value)) > APART)) ticks.push(value);
  }
  if (low <= 0 && high >= 0 && ticks.every((tick) => Math.abs(of(tick) - of(0)) > APART / 2)) ticks.push(0);
  return ticks.sort((a, b) => a - b);
}

function nearest(ends: readonly number[], value: number): number {
  const step = ((ends.at(-1) ?? 1) - (ends[0] ?? 0)) / (ends.length - 1 || 1);
  return Math.max(0, Math.min(ends.length - 1, Math.round((value - (ends[0] ?? 0)) / step)));
}

/** The samples from one end of a range to the other, evenly thinned. */
function chosen(ends: readonly number[], [from, to]: Range): number[] {
  const [first, last] = [nearest(ends, from), nearest(ends, to)];
  const count = Math.min(last - first + 1, MOST_SAMPLES);
  return Array.from({ length: count }, (_, i) => Math.round(first + (i * (last - first)) / (count - 1 || 1)));
}

/** The part of a field that a window shows, thinned; null where it has none. */
export function gridOf(field: Field, [x = [0, 1], y = [0, 1]]: Window, isPeak = false): Grid | null {
  if (!field.y) return null;
  const [columns, rows] = [chosen(field.x, x), chosen(field.y, y)];
  if (columns.length < 2 || rows.length < 2) return null;
  const values = rows.flatMap((j) => columns.map((i) => field.values[j * field.x.length + i]));
  const scale = heightScale(values, isPeak);
  const { x: xs, y: ys } = field;
  return {
    x: columns.map((i) => xs[i] ?? 0),
    y: rows.map((j) => ys[j] ?? 0),
    heights: Float64Array.from(values, (value) => (isNumber(value) ? scale.of(value) : NaN)),
    scale,
  };
}

/** The corners of a cell: at the lower left, lower right, upper left and upper right. */
export function cornersOf({ x, heights }: Grid, i: number, j: number): [number, number, number, number] {
  const at = j * x.length + i;
  return [heights[at] ?? NaN, heights[at + 1] ?? NaN, heights[at + x.length] ?? NaN, heights[at + x.length + 1] ?? NaN];
}

/** Whether a cell is cut from its lower left to its upper right corner: the flatter of its two diagonals. */
export function isCutUpwards([a, b, c, d]: readonly [number, number, number, number]): boolean {
  return Math.abs(a - d) <= Math.abs(b - c);
}

function cellOf(ends: readonly number[], value: number): [number, number] | null {
  const [first = 0, last = 0] = [ends[0], ends.at(-1)];
  if (!(value >= first && value <= last)) return null;
  const i = Math.min(bisectRight(ends, value) - 1, ends.length - 2);
  const from = ends[i] ?? 0;
  return [i, (value - from) / ((ends[i + 1] ?? from) - from)];
}

/** How high the mesh stands over a point; null beside it and over its holes. */
export function heightAt(grid: Grid, x: number, y: number): number | null {
  const [column, row] = [cellOf(grid.x, x), cellOf(grid.y, y)];
  if (!column || !row) return null;
  const [[i, u], [j, v]] = [column, row];
  const corners = cornersOf(grid, i, j);
  const height = inCell(corners, u, v);
  return Number.isFinite(height) ? height : null;
}

/** On the one of the cell's two triangles that the point stands over. */
function inCell(corners: readonly [number, number, number, number], u: number, v: number): number {
  const [a, b, c, d] = corners;
  if (isCutUpwards(corners)) return u > v ? a + u * (b - a) + v * (d - b) : a + v * (c - a) + u * (d - c);
  return u + v < 1 ? a + u * (b - a) + v * (c - a) : d + (1 - u) * (c - d) + (1 - v) * (b - d);
}
