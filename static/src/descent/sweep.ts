/** Which learning rates a sweep tries, and what its answer says: pure arithmetic of its picture. */
import { bisector, ticks } from "d3-array";
import { thousandth } from "./rate";
import type { Ending, Range, Sweep } from "./types";

/** More points than this can't be told apart. */
const MOST_RATES = 72;
const PAST_LIMIT = 1.25;
/** Shares of the stable limit: just below it the iterations grow without end. */
const NEAR_LIMIT = [0.9, 0.95, 0.97, 0.98, 0.99, 0.995];
const DECADES_BELOW = 2;
const DECADES = 4;
const SAME = 1e-9;
/** A share of the way: what ends within it counts as having arrived. */
const NEAR = 0.01;

/** How many rates a sweep may have, so that all their iterations stay within the server's limit. */
export const rateCount = (limit: number, iterations: number): number => Math.min(MOST_RATES, Math.floor(limit / iterations));

/** Round rates from 0 to past the stable limit, closer together below it, with the best fixed step among them. */
export function ratesTo(limit: number, best: number | null, count: number): number[] {
  const extra = [...(best === null ? [] : [best]), ...NEAR_LIMIT.map((share) => thousandth(limit * share))];
  for (let wanted = count; wanted > 0; wanted--) {
    const round = ticks(0, limit * PAST_LIMIT, wanted).filter((rate) => rate > 0);
    const others = extra.filter((rate) => round.every((each) => Math.abs(each - rate) > SAME * rate));
    if (round.length + others.length <= count) return [...round, ...others].sort((a, b) => a - b);
  }
  return extra.slice(0, count).sort((a, b) => a - b);
}

/** Rates over whole decades around one, evenly on a log scale; they change only where η changes its decade. */
export function ratesAround(eta: number, count: number): number[] {
  const lowest = Math.floor(Math.log10(eta)) - DECADES_BELOW;
  const each = Math.max(1, Math.floor((count - 1) / DECADES));
  return Array.from({ length: DECADES * each + 1 }, (_, i) => thousandth(10 ** (lowest + i / each)));
}

export type Verdict = "met" | "diverged" | "out" | "still";

export function verdictOf(ending: Ending): Verdict {
  switch (ending) {
    case "value_change":
    case "gradient_norm":
      return "met";
    case "diverged":
      return "diverged";
    case "max_iterations":
      return "out";
    case "stationary":
      return "still";
  }
}

/** The place of the lowest (or, going up, the highest) value that was reached without diverging, or null. */
export function farthestOf({ value, stopped_by: endings }: Sweep, isAscent: boolean): number | null {
  let best: number | null = null;
  const height = (i: number): number => (isAscent ? -1 : 1) * (value[i] ?? NaN);
  endings.forEach((ending, i) => {
    if (verdictOf(ending) !== "diverged" && Number.isFinite(height(i)) && (best === null || height(i) < height(best))) best = i;
  });
  return best;
}

/**
 * The place of the fewest iterations among the rates that met the stopping rule where the best of them ends, or null.
 * A rule can be met elsewhere too: on flat ground far out, or by steps too small to get anywhere.
 */
export function fewestOf(swept: Sweep, start: number | null, isAscent: boolean): number | null {
  const goal = swept.value[farthestOf(swept, isAscent) ?? -1] ?? null;
  let best: number | null = null;
  swept.stopped_by.forEach((ending, i) => {
    const value = swept.value[i] ?? null;
    if (verdictOf(ending) !== "met" || value === null || goal === null) return;
    const hasArrived = start === null || Math.abs(value - goal) <= NEAR * Math.abs(start - goal);
    if (hasArrived && (best === null || (swept.iterations[i] ?? Infinity) < (swept.iterations[best] ?? Infinity))) best = i;
  });
  return best;
}

/** Whether other rates met the rule sooner, but elsewhere. */
export function isBeaten({ iterations, stopped_by: endings }: Sweep, fewest: number): boolean {
  return endings.some((ending, i) => verdictOf(ending) === "met" && (iterations[i] ?? Infinity) < (iterations[fewest] ?? 0));
}

/** What stands on the curve: iterations where the rule was met; where it never was, the value that was reached. */
export function entriesOf({ iterations, value, stopped_by: endings }: Sweep, isCount: boolean): (number | null)[] {
  return endings.map((ending, i) => {
    const verdict = verdictOf(ending);
    if (isCount) return verdict === "met" ? Math.max(1, iterations[i] ?? 1) : null;
    return verdict === "diverged" ? null : (value[i] ?? null);
  });
}

/** Stretches of the axis whose rates diverged, from halfway to the neighbours; pixels in, pixels out. */
export function stretches(verdicts: readonly Verdict[], places: readonly number[], [from, to]: Range): Range[] {
  const found: Range[] = [];
  verdicts.forEach((verdict, i) => {
    if (verdict !== "diverged") return;
    const at = places[i] ?? from;
    const left = i === 0 ? from : (at + (places[i - 1] ?? at)) / 2;
    const right = i === verdicts.length - 1 ? to : (at + (places[i + 1] ?? at)) / 2;
    const last = found.at(-1);
    if (last && verdicts[i - 1] === "diverged") found[found.length - 1] = [last[0], right];
    else found.push([left, right]);
  });
  return found;
}

const nearestIn = bisector((place: number) => place).center;

/** The place in a rising list that is nearest. */
export const nearestTo = (places: readonly number[], at: number): number => nearestIn(places, at);

/** 1, 2 and 5 times the powers of ten inside a range, or the powers alone where those are many. */
export function countTicks([from, to]: Range): number[] {
  const [low, high] = [Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))];
  const steps = high - low > 2 ? [1] : [1, 2, 5];
  const all = Array.from({ length: high - low + 1 }, (_, i) => steps.map((step) => step * 10 ** (low + i))).flat();
  return all.filter((tick) => tick >= from && tick <= to);
}

/** The log axis of the iterations: room under the fewest for their name, up to the most that were allowed. */
export function countRange({ iterations, stopped_by: endings }: Sweep, most: number): Range {
  const met = iterations.filter((_, i) => verdictOf(endings[i] ?? "diverged") === "met");
  const lowest = 10 ** Math.floor(Math.log10(Math.max(1, Math.min(most, ...met) / 2)));
  return [Math.min(lowest, most / 2), most];
}
