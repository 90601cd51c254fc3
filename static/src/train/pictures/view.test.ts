import { expect, test } from "vitest";
import { keptView, largest, largestLoss, nearestPoint, reachOf, roundedTo, spanOf, viewOf, worstFirst } from "./view";

test("a view holds all points with a margin, on one scale where the features are alike", () => {
  const [x, y] = viewOf([[0, 0], [2, 1]]);
  expect((x?.[1] ?? 0) - (x?.[0] ?? 0)).toBeCloseTo(2.48);
  expect((y?.[1] ?? 0) - (y?.[0] ?? 0)).toBeCloseTo(2.48);
  expect(((y?.[1] ?? 0) + (y?.[0] ?? 0)) / 2).toBeCloseTo(0.5);
  const [wide, flat] = viewOf([[0, 0], [100, 1]]);
  expect((wide?.[1] ?? 0) - (wide?.[0] ?? 0)).toBeCloseTo(124);
  expect((flat?.[1] ?? 0) - (flat?.[0] ?? 0)).toBeCloseTo(1.24);
});

test("one point, or none, has a view too", () => {
  expect(viewOf([[3, 4]]).map(([from = 0, to = 0]) => to > from)).toEqual([true, true]);
  expect(viewOf([]).map(([from = 0, to = 0]) => to > from)).toEqual([true, true]);
  expect(spanOf([5])).toEqual([3.76, 6.24]);
});

test("while points are drawn the view stays", () => {
  const view = viewOf([[0, 0], [1, 1]]);
  expect(keptView(view, [[0, 0], [9, 9]], true)).toBe(view);
  expect(keptView(view, [[0, 0], [9, 9]], false)).not.toEqual(view);
  expect(keptView(null, [[0, 0], [1, 1]], true)).toEqual(view);
});

test("the nearest point counts within reach alone", () => {
  expect(nearestPoint([[0, 0], [10, 0]], [7, 0], 5)).toBe(1);
  expect(nearestPoint([[0, 0], [10, 0]], [5, 20], 5)).toBe(-1);
});

test("the worst come first, an unbounded loss before all", () => {
  expect(worstFirst([0.1, null, 2, 0.1], [0, 1, 2, 3])).toEqual([1, 2, 0, 3]);
  expect(worstFirst([0.1, 5, 2], [0, 2])).toEqual([2, 0]);
});

test("small arithmetic", () => {
  expect(roundedTo(1.23456, 0.01)).toBe(1.23);
  expect(reachOf([{ values: [0, -3, 1] }])).toBe(3);
  expect(reachOf([{ values: [0, 0] }])).toBe(1);
  expect(largestLoss([1, null, 4], [0, 1])).toBe(1);
  expect(largest([0.1, 0.7, 0.2])).toBe(1);
  expect(largest([])).toBe(-1);
});
