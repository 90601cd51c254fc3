import { expect, test } from "vitest";
import { countRange, countTicks, entriesOf, farthestOf, fewestOf, isBeaten, nearestTo, rateCount, ratesAround, ratesTo, stretches } from "./sweep";
import type { Sweep } from "./types";

const swept: Sweep = {
  learning_rates: [0.1, 0.2, 0.24, 0.3, 0.4],
  iterations: [76, 38, 410, 50, 20],
  stopped_by: ["gradient_norm", "value_change", "gradient_norm", "max_iterations", "diverged"],
  value: [1, 2, 3, -4, -5],
};

test("a sweep has as many rates as the server's limit allows", () => {
  expect(rateCount(100_000, 200)).toBe(72);
  expect(rateCount(100_000, 5000)).toBe(20);
});

test("within the band the rates are round, closer below the limit, and hold the best step", () => {
  const limit = 0.24502965;
  const rates = ratesTo(limit, 0.2, 72);
  for (const rate of [0.1, 0.2, 0.24, 0.25, 0.3]) expect(rates).toContain(rate);
  expect(rates.filter((rate) => rate > 0.9 * limit && rate < limit).length).toBeGreaterThanOrEqual(8);
  expect(rates).toEqual([...new Set(rates)].sort((a, b) => a - b));
  expect(rates[0]).toBeGreaterThan(0);
  expect(rates.at(-1)).toBeLessThanOrEqual(1.25 * limit);
  expect(ratesTo(2, 0.987654321, 72)).toContain(0.987654321);
});

test("fewer rates are never more than were asked for", () => {
  for (const count of [1, 5, 20, 40, 72]) {
    expect(ratesTo(0.245, 0.2, count).length).toBeLessThanOrEqual(count);
    expect(ratesAround(0.1, count).length).toBeLessThanOrEqual(Math.max(5, count));
  }
});

test("without a band the rates stand around η, and stay while η stays in its decade", () => {
  const rates = ratesAround(0.001, 72);
  expect(rates[0]).toBe(1e-5);
  expect(rates.at(-1)).toBe(0.1);
  expect(rates).toContain(0.001);
  expect(ratesAround(0.0099, 72)).toEqual(rates);
  expect(ratesAround(0.01, 72)).not.toEqual(rates);
});

test("the fewest iterations count only where the rule was met", () => {
  const level = { ...swept, value: [0, 0, 0, 0, 0] };
  expect(fewestOf(level, 54, false)).toBe(1);
  expect(fewestOf({ ...level, stopped_by: swept.stopped_by.map(() => "max_iterations") }, 54, false)).toBeNull();
  expect(fewestOf({ ...level, stopped_by: swept.stopped_by.map(() => "stationary") }, 54, false)).toBeNull();
});

test("a rate that meets the rule far from where the best ends hasn't the fewest", () => {
  const elsewhere = { ...swept, value: [1e-9, 20, 1e-8, 3, 0] };
  expect(fewestOf(elsewhere, 54, false)).toBe(0);
  expect(isBeaten(elsewhere, 0)).toBe(true);
  expect(fewestOf({ ...swept, value: [0.1, 1, 0.999, 0, 0] }, 0, true)).toBe(1);
  expect(isBeaten(swept, 1)).toBe(false);
});

test("the best value is the lowest, or the highest going up, of those that didn't diverge", () => {
  expect(farthestOf(swept, false)).toBe(3);
  expect(farthestOf(swept, true)).toBe(2);
  expect(farthestOf({ ...swept, stopped_by: swept.stopped_by.map(() => "diverged") }, false)).toBeNull();
});

test("the curve has the iterations of those that arrived, or the values of those that didn't diverge", () => {
  expect(entriesOf(swept, true)).toEqual([76, 38, 410, null, null]);
  expect(entriesOf(swept, false)).toEqual([1, 2, 3, -4, null]);
});

test("stretches of divergence reach halfway to their neighbours, or to the edge", () => {
  expect(stretches(["met", "diverged", "diverged", "met", "diverged"], [10, 20, 30, 40, 50], [0, 60])).toEqual([[15, 35], [45, 60]]);
  expect(stretches(["met"], [10], [0, 60])).toEqual([]);
});

test("the axis of the iterations has room under the fewest", () => {
  expect(countRange(swept, 500)).toEqual([10, 500]);
  expect(countTicks([10, 500])).toEqual([10, 20, 50, 100, 200, 500]);
  expect(countTicks([1, 5000])).toEqual([1, 10, 100, 1000]);
});

test("the nearest place is found", () => {
  expect(nearestTo([10, 20, 30], 24)).toBe(1);
  expect(nearestTo([10, 20, 30], 99)).toBe(2);
});
