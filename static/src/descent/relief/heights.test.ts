import { expect, test } from "vitest";
import type { Field } from "../types";
import { gridOf, heightAt, heightScale, MOST_SAMPLES } from "./heights";

const range = (count: number, from: number, to: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

function fieldOf(f: (x: number, y: number) => number | null, count = 41): Field {
  const [x, y] = [range(count, -2, 2), range(count, -2, 2)];
  return { x, y, shape: [count, count], values: y.flatMap((b) => x.map((a) => f(a, b))) };
}

test("heights go from the lowest value to the highest, linearly where nothing is extreme", () => {
  const scale = heightScale([2, 4, 6, 8, 10, null]);
  expect(scale.kind).toBe("linear");
  expect([2, 6, 10].map(scale.of)).toEqual([0, 0.5, 1]);
  expect(scale.ticks).toEqual([2, 4, 6, 8, 10]);
});

test("a few extreme values make it a log scale that keeps the order and says its numbers", () => {
  const values = [...range(90, 1, 20), 5000, 10000];
  const scale = heightScale(values);
  expect(scale.kind).toBe("log");
  const heights = values.map(scale.of);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
  expect([heights[0], heights.at(-1)]).toEqual([0, 1]);
  expect(scale.of(20)).toBeGreaterThan(0.2);
  expect(scale.ticks).toEqual(expect.arrayContaining([10, 100, 1000, 10000]));
  expect(scale.ticks.every((tick) => tick >= 1 && tick <= 10000)).toBe(true);
});

test("a peak stays what it is, and a plain has a height", () => {
  const bump = [...range(90, 0.001, 0.02), 0.5, 1];
  expect([heightScale(bump).kind, heightScale(bump, true).kind]).toEqual(["log", "linear"]);
  expect(heightScale([3, 3, 3]).of(3)).toBe(0);
  expect(heightScale([null]).kind).toBe("linear");
});

test("a grid is the part of the field that the window shows, thinned", () => {
  const grid = gridOf(fieldOf((x) => x), [[-1, 1], [-0.5, 0.5]]);
  expect([grid?.x[0], grid?.x.at(-1), grid?.y[0], grid?.y.at(-1)]).toEqual([-1, 1, -0.5, 0.5]);
  expect(grid?.heights[0]).toBe(0);
  expect(grid?.heights.at(-1)).toBe(1);
  const large = gridOf(fieldOf((x) => x, 241), [[-2, 2], [-2, 2]]);
  expect(large?.x.length).toBe(MOST_SAMPLES);
  expect([large?.x[0], large?.x.at(-1)]).toEqual([-2, 2]);
  expect(gridOf({ x: [1, 2], y: null, shape: [2], values: [1, 2] }, [[1, 2]])).toBeNull();
});

test("between the samples the height is the mesh's, and there is none over a hole or beside it", () => {
  const grid = gridOf(fieldOf((x, y) => (x > 1 ? null : x + y)), [[-2, 2], [-2, 2]]);
  if (!grid) throw new Error("no grid");
  expect(heightAt(grid, -2, -2)).toBe(0);
  expect(heightAt(grid, 0.95, 2)).toBeCloseTo(6.95 / 7, 12);
  expect(heightAt(grid, 0.03, 0.12)).toBeCloseTo((0.15 + 4) / 7, 12);
  expect(heightAt(grid, 1.5, 0)).toBeNull();
  expect(heightAt(grid, -2.01, 0)).toBeNull();
});
