import { expect, test } from "vitest";
import { fitWindow, levelsOf, lineText, logRange, moved, powersIn, powerText, spread, thinned, zoomed } from "./scales";

test("a window takes the picture's proportions, keeps its middle and loses nothing", () => {
  expect(fitWindow([[-4, 4], [-4, 4]], 800, 400)).toEqual([[-8, 8], [-4, 4]]);
  expect(fitWindow([[0, 4], [1, 2]], 200, 400)).toEqual([[0, 4], [-2.5, 5.5]]);
  expect(fitWindow([[1, 3]], 200, 100)).toEqual([[1, 3]]);
});

test("zooming keeps the point under the pointer where it is, and has an end", () => {
  const window = [[0, 4], [0, 2]] as const;
  expect(zoomed(window, 0.5, [1, 2])).toEqual([[0.5, 2.5], [1, 2]]);
  expect(zoomed(window, 1e9, [1, 1])).toBe(window);
  expect(zoomed(window, 1e-9, [1, 1])).toBe(window);
  expect(moved(window, [1, -1])).toEqual([[1, 5], [-1, 1]]);
});

test("levels rise, lie inside the values and share out the area", () => {
  const values = Array.from({ length: 1000 }, (_, i) => i);
  const levels = levelsOf([...values, null]);
  expect(levels.length).toBeGreaterThan(10);
  expect(levels).toEqual([...levels].sort((a, b) => a - b));
  expect(levels).toContain(520);
  expect(levelsOf([0, 0, 0, 0, 0, 0, 0, 1], true)).toContain(0.52);
  expect(levelsOf(values.map((value) => 99 + value * 1e-6)).length).toBeGreaterThan(10);
  expect(levelsOf([3, 3, 3])).toEqual([]);
  expect(levelsOf([null])).toEqual([]);
});

test("log ranges are whole powers of ten around the positive numbers", () => {
  expect(logRange([54, 5.4, 0, null, -1, Infinity])).toEqual([1, 100]);
  expect(logRange([1e-300, 1])?.[0]).toBeCloseTo(1e-18, 30);
  expect(logRange([10])).toEqual([10, 100]);
  expect(logRange([0, -1])).toBeNull();
  expect(powersIn([1e-6, 1e2], 4)).toEqual([1e-6, 1e-4, 1e-2, 1, 100]);
});

test("powers of ten are written as on paper", () => {
  expect([1e-13, 1, 1e20].map(powerText)).toEqual(["10⁻¹³", "10⁰", "10²⁰"]);
});

test("labels that would overlap move apart", () => {
  expect(spread([[5, 10], null, [6, 12], [5, 50]], 9)).toEqual([10, null, 19, 50]);
  expect(spread([[5, 12], [5, 10], [60, 12]], 9)).toEqual([19, 10, 12]);
});

test("few points are all drawn, many are thinned, the last always stays", () => {
  expect(thinned(4, 10)).toEqual([0, 1, 2, 3]);
  expect(thinned(10, 3)).toEqual([0, 4, 8, 9]);
  expect(thinned(0, 3)).toEqual([]);
});

test("a line breaks where a point can't be drawn", () => {
  expect(lineText([[0, 1], [1, 2], null, [3, 4], [4, NaN], [5, 6]])).toBe("M0.0 1.0L1.0 2.0M3.0 4.0M5.0 6.0");
});
