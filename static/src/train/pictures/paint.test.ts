import { expect, test } from "vitest";
import { boundaries, levelLines, paintClasses, paintValues } from "./paint";
import type { Sheet } from "./types";

const sheet = (rows: number, columns: number, values: number[]): Sheet => ({ rows, columns, values: Float32Array.from(values) });
const ramp = Uint32Array.from({ length: 11 }, (_, i) => i);

test("the lowest row of values is the last row of pixels", () => {
  expect([...paintValues(sheet(2, 3, [0, 0.1, 0.2, 0.8, 0.9, 1]), ramp, 0, 1)]).toEqual([8, 9, 10, 0, 1, 2]);
});

test("values beyond the ends, and those that aren't numbers, have a colour too", () => {
  expect([...paintValues(sheet(1, 4, [-5, 7, NaN, Infinity]), ramp, 0, 1)]).toEqual([0, 10, 5, 10]);
});

test("discrete colours are those of the ends", () => {
  expect([...paintValues(sheet(1, 3, [0.2, 0.49, 0.5]), ramp, 0, 1, true)]).toEqual([0, 0, 10]);
});

test("each cell has the likeliest class, from chance to certainty", () => {
  const ramps = [0, 100, 200].map((base) => ramp.map((pixel) => pixel + base));
  const outputs = [sheet(1, 3, [1, 0, 1 / 3]), sheet(1, 3, [0, 1 / 3, 1 / 3]), sheet(1, 3, [0, 2 / 3, 1 / 3])];
  expect([...paintClasses(outputs, ramps)]).toEqual([10, 205, 0]);
  expect([...paintClasses(outputs, ramps, true)]).toEqual([10, 210, 10]);
});

test("a level line runs where the values, linear between samples, are the level", () => {
  // Values are x: the line x = 1.5 in two pieces.
  const lines = levelLines(sheet(3, 4, [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]), 1.5);
  expect(lines.length).toBe(8);
  for (let i = 0; i < lines.length; i += 2) expect(lines[i]).toBeCloseTo(1.5);
  expect([...lines].filter((_, i) => i % 2 === 1).sort()).toEqual([0, 1, 1, 2]);
});

test("at a saddle the middle says which corners belong together", () => {
  const near = (lines: Float32Array): [number, number][] => [[lines[0] ?? 0, lines[1] ?? 0], [lines[2] ?? 0, lines[3] ?? 0]];
  // High at the lower left and the upper right, and high in the middle: the low corners are cut off.
  const joined = levelLines(sheet(2, 2, [1, 0, 0, 1]), 0.4);
  expect(joined.length).toBe(8);
  const [[x1, y1], [x2, y2]] = near(joined) as [[number, number], [number, number]];
  expect(Math.max(x1, x2) === 1 && Math.min(y1, y2) === 0).toBe(true);
  // Low in the middle: the high corners are cut off.
  const apart = near(levelLines(sheet(2, 2, [1, 0, 0, 1]), 0.6)) as [[number, number], [number, number]];
  const [[a, b], [c, d]] = apart;
  expect(Math.max(a, c) === 1 && Math.max(b, d) === 1).toBe(true);
});

test("one output changes class at ½, several where the largest changes", () => {
  const only = boundaries([sheet(2, 2, [0, 1, 0, 1])]);
  expect([only[0], only[2]]).toEqual([0.5, 0.5]);
  const three = boundaries([sheet(2, 2, [0.6, 0.2, 0.6, 0.2]), sheet(2, 2, [0.2, 0.6, 0.2, 0.6]), sheet(2, 2, [0.2, 0.2, 0.2, 0.2])]);
  expect(three.length).toBe(8);
  expect(three[0]).toBeCloseTo(0.5);
  expect(boundaries([sheet(2, 2, [0.9, 0.8, 0.7, 0.6])]).length).toBe(0);
});
