import { expect, test } from "vitest";
import { finer, nudged, stepFor } from "./nudge";

test("a step is a round number, about a hundredth of the largest", () => {
  const size = (largest: number): number => nudged(0, 1, stepFor(largest));
  expect([0.463, 1, 9, 63, 2000, 1e-7].map(size)).toEqual([0.002, 0.01, 0.05, 0.5, 20, 1e-9]);
  expect(nudged(0, 1, finer(stepFor(1)))).toBe(0.001);
});

test("steps land on multiples without a tail of digits; none changes nothing", () => {
  const step = stepFor(0.463);
  expect(nudged(0.23043270409107208, 0, step)).toBe(0.23043270409107208);
  expect(nudged(0.23043270409107208, 1, step)).toBe(0.232);
  expect(nudged(0.1, 100, step)).toBe(0.3);
  // 0.29 / 0.01 is 28.999999999999996.
  expect(nudged(0.29, 1, stepFor(1))).toBe(0.3);
  expect(Object.is(nudged(-0.002, 1, step), 0)).toBe(true);
});
