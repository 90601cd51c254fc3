/** The picture of a function of one variable: what is drawn where. Pure arithmetic of places; the numbers are the server's. */
import type { Field, Range } from "./types";

type Samples = Pick<Field, "x" | "values">;
type Scale = (value: number) => number;

const EDGE = 0.09;
const FAR = 1e4;

/** The heights that the window shows: those of the samples in it, and a margin. */
export function heightsIn({ x, values }: Samples, [from, to]: Range): Range {
  let [low, high] = [Infinity, -Infinity];
  const note = (value: number | null | undefined): void => {
    if (value === null || value === undefined || !Number.isFinite(value)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  values.forEach((value, i) => { if ((x[i] ?? NaN) >= from && (x[i] ?? NaN) <= to) note(value); });
  if (low > high) values.forEach(note);
  if (low > high) return [-1, 1];
  const margin = low === high ? Math.abs(low) || 1 : (high - low) * EDGE;
  return [low - margin, high + margin];
}

/** The height of the drawn curve over x: between two samples, or null beside them. */
export function heightAt({ x, values }: Samples, at: number): number | null {
  const [first = 0, last = 0] = [x[0], x.at(-1)];
  if (!(at >= first && at <= last)) return null;
  const place = ((at - first) / (last - first)) * (x.length - 1);
  const i = Math.min(Math.floor(place), x.length - 2);
  const [a, b] = [values[i], values[i + 1]];
  if (a === null || b === null || a === undefined || b === undefined) return null;
  return a + (b - a) * (place - i);
}

/** Where the curve leaves its tangent most, among the samples in the window; null where there is none. */
export function largestGap({ x, values }: Samples, [from, to]: Range, { at, value, slope }: { at: number; value: number; slope: number }): number | null {
  let largest: number | null = null;
  x.forEach((each, i) => {
    const height = values[i];
    if (each < from || each > to || height === null || height === undefined) return;
    largest = Math.max(largest ?? 0, Math.abs(height - (value + slope * (each - at))));
  });
  return largest;
}

/** What an increment Δx does: Δy, its linear part αΔx, and what is left, also as a multiple of Δx². */
export function incrementOf({ value, slope }: { value: number; slope: number }, there: number, dx: number): { dy: number; linear: number; error: number; ofSquare: number | null } {
  const [dy, linear] = [there - value, slope * dx];
  const error = dy - linear;
  /** Of numbers that agree to their last digits nothing but rounding is left. */
  const isLost = Math.abs(error) <= 64 * Number.EPSILON * Math.max(Math.abs(value), Math.abs(there));
  return { dy, linear, error, ofSquare: isLost || dx === 0 ? null : error / (dx * dx) };
}

const limited = (value: number): number => Math.max(-FAR, Math.min(FAR, value));

/** Runs of a curve as an SVG path, in pixels. */
export function curveText({ x, values }: Samples, across: Scale, up: Scale): string {
  let text = "";
  let isBroken = true;
  x.forEach((each, i) => {
    const value = values[i];
    const isKnown = value !== null && value !== undefined;
    if (isKnown) text += `${isBroken ? "M" : "L"}${limited(across(each)).toFixed(1)} ${limited(up(value)).toFixed(1)}`;
    isBroken = !isKnown;
  });
  return text;
}

export interface Hop {
  from: number;
  to: number;
}

const isSeen = ({ from, to }: Hop, width: number): boolean => Math.max(from, to) >= 0 && Math.min(from, to) <= width && Math.abs(to - from) >= 1;

/** Moves to the right arch above their line, moves to the left below it. */
export function hopsText(hops: readonly Hop[], middle: number, most: number, width: number): string {
  return hops
    .filter((hop) => isSeen(hop, width))
    .map(({ from, to }) => {
      const [a, b] = [limited(from), limited(to)];
      const radius = Math.abs(b - a) / 2;
      return `M${a.toFixed(1)} ${middle.toFixed(1)}A${radius.toFixed(1)} ${Math.min(radius, most).toFixed(1)} 0 0 1 ${b.toFixed(1)} ${middle.toFixed(1)}`;
    })
    .join("");
}

/** A point of such an arch, a share of the way along. */
export function onHop({ from, to }: Hop, share: number, middle: number, most: number): [number, number] {
  const radius = (limited(to) - limited(from)) / 2;
  const turn = Math.PI * share;
  return [limited(from) + radius * (1 - Math.cos(turn)), middle - Math.sign(radius) * Math.min(Math.abs(radius), most) * Math.sin(turn)];
}

const SAME = 1e-9;

/** Two points between which a run hops at its end, and since when; null where it doesn't. */
export function cycleOf(points: readonly (number | null | undefined)[]): { since: number; between: readonly [number, number] } | null {
  const last = points.length - 1;
  const [a, b] = [points[last - 1], points[last]];
  if (last < 3 || typeof a !== "number" || typeof b !== "number" || a === b) return null;
  const nearly = SAME * Math.abs(b - a);
  let since = last - 1;
  while (since > 0) {
    const [here, later] = [points[since - 1], points[since + 1]];
    if (typeof here !== "number" || typeof later !== "number" || Math.abs(here - later) > nearly) break;
    since--;
  }
  return since <= last - 3 ? { since, between: [a, b] } : null;
}

const ROUND = [5, 2, 1];

/** An increment that is easily seen and easily said: 1, 2 or 5 of a power of ten, at most a tenth of the window. */
export function usualIncrement([from, to]: Range): number {
  const most = ((to - from) / 10) * (1 + 1e-9);
  const power = Math.floor(Math.log10(most));
  const digit = ROUND.find((each) => each * 10 ** power <= most) ?? 1;
  return Number(`${String(digit)}e${String(power)}`);
}

/** One step of an arrow key: a round number, about a fiftieth of the window. */
export function keyStep([from, to]: Range): number {
  return 10 ** Math.floor(Math.log10((to - from) / 25));
}
