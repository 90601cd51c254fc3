import { expect, test } from "vitest";
import type { Field, Path } from "../types";
import { gridOf, type Grid } from "./heights";
import { isHidden, layPath, meshOf, onSurface, spaceOf, standing } from "./space";
import { eyeOf, FIRST_VIEW, nearer, turned } from "./view";

const WINDOW = [[-2, 2], [-2, 2]] as const;
const SIDE = Array.from({ length: 21 }, (_, i) => -2 + i / 5);
const space = spaceOf(WINDOW);

function gridFrom(f: (x: number, y: number) => number | null): Grid {
  const field: Field = { x: SIDE, y: SIDE, shape: [21, 21], values: SIDE.flatMap((b) => SIDE.map((a) => f(a, b))) };
  const grid = gridOf(field, WINDOW);
  if (!grid) throw new Error("no grid");
  return grid;
}

function pathOf(theta: (number | null)[][]): Path {
  const none = theta.map(() => null);
  return { stopped_by: "max_iterations", iterations: theta.length - 1, theta, value: none, gradient: [], gradient_norm: none, step_size: [] };
}

test("x₁ goes to the right, x₂ to the back, f upwards, and back again", () => {
  expect(space.place(2, -2, 1)).toEqual([1, space.top, 1]);
  const [x, y] = space.under(space.place(0.7, -1.3, 0.2));
  expect([x, y]).toEqual([expect.closeTo(0.7, 12), expect.closeTo(-1.3, 12)]);
});

test("a mesh has two triangles a cell, and none at a hole", () => {
  const whole = meshOf(gridFrom((x, y) => x * x + y * y), space);
  expect(whole.indices.length).toBe(20 * 20 * 6);
  const holed = meshOf(gridFrom((x, y) => (Math.hypot(x, y) < 0.1 ? null : x * x + y * y)), space);
  expect(holed.indices.length).toBe(20 * 20 * 6 - 4 * 6);
  expect(holed.positions.every(Number.isFinite)).toBe(true);
});

test("a path lies on the mesh all along, in its order, and is cut at the edge", () => {
  const grid = gridFrom((x, y) => x * x + 3 * y * y);
  const laid = layPath(grid, space, pathOf([[-1.9, 1.5], [0.3, -1], [5, -1]]));
  expect(laid.ends.length).toBeGreaterThan(20);
  expect([...laid.ends]).toEqual([...laid.ends].sort((a, b) => a - b));
  for (let i = 0; i < laid.positions.length; i += 3) {
    const place = [laid.positions[i] ?? 0, laid.positions[i + 1] ?? 0, laid.positions[i + 2] ?? 0] as const;
    const [x, y] = space.under(place);
    expect(Math.abs(x)).toBeLessThan(2.001);
    expect(place[1]).toBeCloseTo(onSurface(grid, space, Math.min(x, 2), y)?.[1] ?? NaN, 4);
  }
  expect(laid.ends.at(-1)).toBeCloseTo(1 + (2 - 0.3) / 4.7, 3);
});

test("a path is broken over a hole and where its numbers end", () => {
  const grid = gridFrom((x) => (Math.abs(x) < 0.5 ? null : x * x));
  const across = layPath(grid, space, pathOf([[-1, 0], [1, 0]]));
  const xs = [...across.positions].filter((_, i) => i % 3 === 0);
  expect(xs.every((x) => Math.abs(x) > 0.2)).toBe(true);
  expect(layPath(grid, space, pathOf([[-1, 0], [null, null]])).ends.length).toBe(0);
});

test("a run stands between two iterations, and at its last one for ever", () => {
  const path = pathOf([[0, 0], [1, 2], [3, 2]]);
  expect(standing(path, 0.5)).toEqual([0.5, 1]);
  expect(standing(path, 9.5)).toEqual([3, 2]);
  expect(standing(pathOf([[0, 0], [null, null]]), 0.5)).toBeNull();
});

test("what is behind a ridge is hidden, what is before it isn't", () => {
  const grid = gridFrom((x) => Math.exp(-8 * x * x));
  const eye = eyeOf({ azimuth: 90, elevation: 15, zoom: 1 }, space, 800, 500).position;
  const hidden = (x: number): boolean => isHidden(grid, space, onSurface(grid, space, x, 0) ?? [0, 0, 0], eye);
  expect([hidden(-0.8), hidden(0.8)]).toEqual([true, false]);
});

test("the whole box is in the picture from everywhere, and turning changes what is in front", () => {
  for (const azimuth of [-170, -32, 45, 90]) {
    for (const [width, height] of [[800, 450], [330, 440]] as const) {
      const eye = eyeOf({ ...FIRST_VIEW, azimuth }, space, width, height);
      for (const x of [-2, 2]) for (const y of [-2, 2]) for (const z of [0, 1]) {
        const seen = eye.see(space.place(x, y, z));
        expect(seen.x >= 0 && seen.x <= width && seen.y >= 0 && seen.y <= height).toBe(true);
      }
    }
  }
  const depth = (azimuth: number): number => eyeOf({ ...FIRST_VIEW, azimuth }, space, 800, 450).see(space.place(2, 0, 0)).depth;
  expect(depth(90)).toBeLessThan(depth(-90));
  expect(turned(FIRST_VIEW, 360, 0)).toEqual(FIRST_VIEW);
  expect(turned(FIRST_VIEW, 0, 999).elevation).toBeLessThan(90);
  expect(nearer(nearer(FIRST_VIEW, 1e9), 1e-9).zoom).toBeGreaterThan(0);
});
