import { expect, test } from "vitest";
import { apart, extentOf, factorWords, finestOf, signedScale, signedTicks, strokePlaces } from "./modes";

const zigzag = Array.from({ length: 30 }, (_, k) => 3 * (-0.6) ** k);

test("a factor is the same length at every step of the signed log scale", () => {
  const y = signedScale(zigzag, [200, 0], true);
  const heights = zigzag.map((value) => Math.abs(y(value) - y(0)));
  const drop = (k: number): number => (heights[k] ?? 0) - (heights[k + 2] ?? 0);
  expect(drop(0)).toBeCloseTo(drop(10), 1);
  expect(y(3)).toBe(0);
  expect(y(zigzag[1] ?? 0)).toBeGreaterThan(y(0));
});

test("the scale reaches over 0 and ignores what isn't known", () => {
  expect(extentOf([1, null, 2])).toEqual([0, 2]);
  expect(extentOf([-1, 2])).toEqual([-1, 2]);
  expect(extentOf([0, 0])).toEqual([-1, 1]);
  expect(finestOf([5, 3e-7, 0])).toBe(1e-7);
  expect(finestOf([5, 1e-30])).toBeCloseTo(1e-12, 20);
});

test("ticks are powers of ten on the sides that are used", () => {
  expect(signedTicks([5, 0.02], 3)).toEqual([1, 0.1, 0.01, 0]);
  const both = signedTicks(zigzag, 3);
  expect(both).toContain(1);
  expect(both).toContain(-1);
  expect(apart([1, 0.1, 0, -0.1, -1], (tick) => 100 - 90 * tick, 12)).toEqual([0, 1, -1]);
});

test("thinning keeps the changes of side", () => {
  expect(strokePlaces(5)).toEqual([0, 1, 2, 3, 4]);
  const places = strokePlaces(5001, 900);
  expect(places.length).toBeLessThanOrEqual(900);
  expect(places.every((k, i) => k % 2 === i % 2)).toBe(true);
});

test("a factor in words", () => {
  expect(factorWords(-0.63)).toBe("swaps sides at each step, shrinks");
  expect(factorWords(0.5)).toBe("stays on its side, shrinks");
  expect(factorWords(-1.04)).toBe("swaps sides at each step, grows");
  expect(factorWords(0)).toBe("gone in one step");
});
