/** The scale of an error's coordinate, and its strokes: pure arithmetic of the pictures of modes. */
import { scaleLinear, scaleSymlog, type ScaleContinuousNumeric } from "d3-scale";
import { powerText } from "./scales";
import type { Range } from "./types";

type Entry = number | null;

/** What is smaller than this share of the largest isn't told from 0. */
const DEPTH = 1e-12;
const MOST_STROKES = 900;

export type SignedScale = ScaleContinuousNumeric<number, number>;

/** From the lowest to the highest entry, with 0 in between. */
export function extentOf(values: readonly Entry[]): Range {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low === high ? [-1, 1] : [low, high];
}

/** The smallest size that the signed log scale still shows. */
export function finestOf(values: readonly Entry[]): number {
  const [low, high] = extentOf(values);
  const largest = Math.max(-low, high);
  let finest = largest;
  for (const value of values) if (value !== null && value !== 0) finest = Math.min(finest, Math.abs(value));
  return 10 ** Math.floor(Math.log10(Math.max(finest, largest * DEPTH)));
}

/** Linear, or a log scale on both sides of 0, where a factor is the same length everywhere. */
export function signedScale(values: readonly Entry[], heights: Range, isLog: boolean): SignedScale {
  const extent = extentOf(values);
  return isLog ? scaleSymlog(extent, heights).constant(finestOf(values)) : scaleLinear(extent, heights).nice(4);
}

/** 0 and a few powers of ten on each side that is in the picture. */
export function signedTicks(values: readonly Entry[], most: number): number[] {
  const [low, high] = extentOf(values);
  const from = Math.log10(finestOf(values));
  const side = (end: number): number[] => {
    const to = Math.floor(Math.log10(end));
    const stride = Math.max(1, Math.ceil((to - from + 1) / most));
    const powers: number[] = [];
    for (let power = to; power >= from; power -= stride) powers.push(10 ** power);
    return powers;
  };
  return [...(high > 0 ? side(high) : []), 0, ...(low < 0 ? side(-low).map((power) => -power) : [])];
}

/** A tick of the signed log scale. */
export const signedText = (tick: number): string => (tick === 0 ? "0" : `${tick < 0 ? "−" : ""}${powerText(Math.abs(tick))}`);

/** Those of the ticks that have room, 0 before the others and those farther out before those near it. */
export function apart(ticks: readonly number[], place: (tick: number) => number, gap: number): number[] {
  const kept: number[] = [];
  for (const tick of [...ticks].sort((a, b) => (a === 0 ? -1 : b === 0 ? 1 : Math.abs(b) - Math.abs(a)))) {
    if (kept.every((each) => Math.abs(place(each) - place(tick)) >= gap)) kept.push(tick);
  }
  return kept;
}

/** Which k are drawn: every, or every third, fifth …: an odd stride keeps the changes of side. */
export function strokePlaces(count: number, most = MOST_STROKES): number[] {
  let stride = Math.max(1, Math.ceil(count / most));
  if (stride % 2 === 0) stride += 1;
  return Array.from({ length: Math.ceil(count / stride) }, (_, i) => i * stride);
}

/** How a factor moves its coordinate, in words. */
export function factorWords(factor: number): string {
  const size = Math.abs(factor);
  if (factor === 0) return "gone in one step";
  if (size === 1) return factor > 0 ? "stays as it is" : "swaps sides for ever";
  const side = factor > 0 ? "stays on its side" : "swaps sides at each step";
  return `${side}, ${size < 1 ? "shrinks" : "grows"}`;
}
