import { describe, expect, test } from "vitest";
import type { Field, Path, Window } from "../types";
import { boxOf } from "./box";
import { climbOf } from "./climb";
import { gridOf, heightAt, heightScale, MOST_SAMPLES } from "./heights";
import { openingView } from "./opening";
import { isHidden, layPath, meshOf, onSurface, rimOf, spaceOf, standing } from "./space";
import { eyeOf, FIRST_VIEW, nearer, turned } from "./view";

const WINDOW: Window = [[-2, 2], [-1, 1]];

function fieldOf(f: (x: number, y: number) => number | null, columns = 41, rows = 21): Field {
  const ends = (from: number, to: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  const [x, y] = [ends(-2, 2, columns), ends(-1, 1, rows)];
  return { x, y, shape: [rows, columns], values: y.flatMap((b) => x.map((a) => f(a, b))) };
}

function gridIn(f: (x: number, y: number) => number | null, window = WINDOW) {
  const grid = gridOf(fieldOf(f), window);
  if (!grid) throw new Error("no grid");
  return grid;
}

const pathOf = (theta: (number | null)[][]): Path => ({
  stopped_by: "max_iterations", iterations: theta.length - 1, theta, value: [], gradient: [], gradient_norm: [], step_size: [],
});

const plane = (x: number, y: number): number => x + 2 * y;

describe("heights", () => {
  test("are linear from the lowest value to the highest", () => {
    const scale = heightScale([2, 4, null, 10, 6, 8]);
    expect(scale.kind).toBe("linear");
    expect([2, 6, 10, 12].map(scale.of)).toEqual([0, 0.5, 1, 1.25]);
    expect(scale.ticks).toEqual([2, 4, 6, 8, 10]);
    expect(heightScale([3, 3]).of(3)).toBe(0);
    expect(heightScale([null]).kind).toBe("linear");
  });

  test("take the logarithm where the highest values would press the others flat, but not at a peak", () => {
    const values = Array.from({ length: 101 }, (_, i) => 10 ** (i / 20));
    const scale = heightScale(values);
    expect(scale.kind).toBe("log");
    expect(scale.of(1)).toBe(0);
    expect(scale.of(1e5)).toBeCloseTo(1, 12);
    expect(scale.of(1e4) - scale.of(1e3)).toBeCloseTo(scale.of(1e5) - scale.of(1e4), 2);
    expect(scale.ticks).toEqual(expect.arrayContaining([10, 100, 1000, 10000, 100000]));
    expect(values.map(scale.of)).toEqual(values.map(scale.of).sort((a, b) => a - b));
    expect(heightScale(values, true).kind).toBe("linear");
  });
});

describe("the mesh", () => {
  test("holds the samples of the window, thinned, and the window's ends", () => {
    const field = fieldOf(plane, 401, 21);
    const grid = gridOf(field, [[-1, 1], [-1, 1]]);
    expect(grid?.x).toHaveLength(MOST_SAMPLES);
    expect(grid?.y).toHaveLength(21);
    expect([grid?.x[0], grid?.x.at(-1)]).toEqual([-1, 1]);
    expect(grid?.heights[0]).toBe(0);
    expect(grid?.heights.at(-1)).toBe(1);
    expect(gridOf({ ...field, y: null }, WINDOW)).toBeNull();
  });

  test("is two triangles a cell, and none where the function isn't defined", () => {
    const whole = meshOf(gridIn(plane), spaceOf(WINDOW));
    expect(whole.positions).toHaveLength(41 * 21 * 3);
    expect(whole.indices).toHaveLength(40 * 20 * 6);
    const holed = gridIn((x, y) => (x === 0 && y === 0 ? null : plane(x, y)));
    expect(meshOf(holed, spaceOf(WINDOW)).indices).toHaveLength((40 * 20 - 4) * 6);
    expect(heightAt(holed, 0.05, 0.05)).toBeNull();
    expect(heightAt(holed, 0.15, 0.15)).not.toBeNull();
    expect(rimOf(holed, spaceOf(WINDOW))).toHaveLength(2 * (2 * 40 + 2 * 20));
  });

  test("stands over a point as high as its triangles do", () => {
    const grid = gridIn(plane);
    for (const [x, y] of [[0.03, 0.07], [-1.99, 0.99], [2, 1], [1.234, -0.567]] as const) {
      expect(heightAt(grid, x, y)).toBeCloseTo((plane(x, y) + 4) / 8, 12);
    }
    expect(heightAt(grid, 2.01, 0)).toBeNull();
    expect(heightAt(grid, NaN, 0)).toBeNull();
  });

  test("bends along the flatter diagonal of a cell", () => {
    const ridge = gridOf({ x: [0, 1], y: [0, 1], shape: [2, 2], values: [1, 0, 0, 1] }, [[0, 1], [0, 1]]);
    const ditch = gridOf({ x: [0, 1], y: [0, 1], shape: [2, 2], values: [0, 1, 1, 0] }, [[0, 1], [0, 1]]);
    expect(ridge && heightAt(ridge, 0.5, 0.5)).toBe(1);
    expect(ditch && heightAt(ditch, 0.5, 0.5)).toBe(0);
  });
});

describe("space", () => {
  test("has one scale for both variables, x₂ to the back, the middle in the middle", () => {
    const { place, under, half, top } = spaceOf(WINDOW);
    expect(half).toEqual([1, 0.5]);
    expect(place(2, 1, 1)).toEqual([1, top, -0.5]);
    expect(under(place(0.3, -0.7, 0.2))).toEqual([expect.closeTo(0.3, 12), expect.closeTo(-0.7, 12)]);
    expect(spaceOf([[0, 1], [0, 4]]).top).toBeGreaterThan(top);
  });

  test("a run stands between its iterations, and nowhere past the numbers", () => {
    const path = pathOf([[0, 0], [1, -0.5], [2, 0.5]]);
    expect(standing(path, 0.5)).toEqual([0.5, -0.25]);
    expect(standing(path, 1)).toEqual([1, -0.5]);
    expect(standing(path, 9)).toEqual([2, 0.5]);
    expect(standing(pathOf([[0, 0], [null, 1]]), 0.5)).toBeNull();
  });

  test("a path lies on the mesh in short pieces that end where the run has come", () => {
    const grid = gridIn((x, y) => x * x + y * y);
    const space = spaceOf(WINDOW);
    const laid = layPath(grid, space, pathOf([[-1.5, 0.5], [0.5, 0.25], [0.75, -0.5]]));
    expect(laid.positions).toHaveLength(laid.ends.length * 6);
    expect([...laid.ends]).toEqual([...laid.ends].sort((a, b) => a - b));
    expect(laid.ends.at(-1)).toBe(2);
    for (let i = 0; i < laid.positions.length; i += 3) {
      const [u = 0, v = 0, w = 0] = laid.positions.slice(i, i + 3);
      expect(v).toBeCloseTo(onSurface(grid, space, ...space.under([u, v, w]))?.[1] ?? NaN, 5);
    }
    expect([...laid.dotEnds]).toEqual([0, 1, 2]);
  });

  test("a path breaks off at the window's edge and comes back", () => {
    const laid = layPath(gridIn(plane), spaceOf(WINDOW), pathOf([[0, 0], [1e5, 0], [0, 0.5]]));
    expect(laid.ends[0]).toBeLessThan(0.001);
    expect([...laid.ends].filter((end) => end > 0.001 && end < 1.999)).toEqual([]);
    expect(laid.ends.at(-1)).toBe(2);
    expect([...laid.dotEnds]).toEqual([0, 2]);
    expect(layPath(gridIn(plane), spaceOf(WINDOW), pathOf([[5, 5], [6, 6]])).ends).toHaveLength(0);
  });
});

describe("the eye", () => {
  const space = spaceOf(WINDOW);
  const [width, height] = [800, 400];
  const corners = [-1, 1].flatMap((x) => [-0.5, 0.5].flatMap((z) => [0, space.top].map((y) => [x, y, z] as const)));

  test("sees the whole box however it turns", () => {
    for (let azimuth = -180; azimuth < 180; azimuth += 15) {
      for (const elevation of [4, 33, 88]) {
        const eye = eyeOf({ azimuth, elevation, zoom: 1 }, space, width, height);
        for (const { x, y } of corners.map(eye.see)) {
          expect(x).toBeGreaterThan(0);
          expect(x).toBeLessThan(width);
          expect(y).toBeGreaterThan(0);
          expect(y).toBeLessThan(height);
        }
      }
    }
  });

  test("from the front x₁ goes right, x₂ back, f up; what is nearer is larger", () => {
    const { see, middle } = eyeOf({ azimuth: 0, elevation: 20, zoom: 1 }, space, width, height);
    expect(see(middle)).toEqual({ x: 400, y: 200, depth: expect.closeTo(0, 12) as number });
    expect(see([1, 0, 0]).x).toBeGreaterThan(see([0, 0, 0]).x);
    expect(see([0, 0.5, 0]).y).toBeLessThan(see([0, 0, 0]).y);
    expect(see([0, 0, -0.5]).depth).toBeGreaterThan(see([0, 0, 0.5]).depth);
    expect(see([1, 0, 0.5]).x).toBeGreaterThan(see([1, 0, -0.5]).x);
  });

  test("turns round and round, but never below the ground, and comes only so near", () => {
    expect(turned({ ...FIRST_VIEW, azimuth: 170 }, 20, 0).azimuth).toBe(-170);
    expect(turned(FIRST_VIEW, 0, -90).elevation).toBeGreaterThan(0);
    expect(turned(FIRST_VIEW, 0, 900).elevation).toBeLessThan(90);
    expect(nearer(FIRST_VIEW, 1e9).zoom).toBeLessThan(10);
    expect(nearer(FIRST_VIEW, 1e-9).zoom).toBeGreaterThan(0.1);
  });

  test("knows what a ridge hides", () => {
    const grid = gridIn((x) => -Math.abs(x));
    const from = (azimuth: number): boolean => {
      const eye = eyeOf({ azimuth, elevation: 10, zoom: 1 }, space, width, height);
      return isHidden(grid, space, onSurface(grid, space, 1.5, 0) ?? [0, 0, 0], eye.position);
    };
    expect(from(90)).toBe(false);
    expect(from(-90)).toBe(true);
  });

  test("stands at first where it sees the paths, and where all do, at the usual place", () => {
    const bowl = gridIn((x, y) => x * x + y * y);
    expect(openingView(bowl, space, [pathOf([[1, 0.5], [0, 0]])], width, height)).toBe(FIRST_VIEW);
    expect(openingView(bowl, space, [pathOf([[9, 9], [8, 8]])], width, height)).toBe(FIRST_VIEW);
    const wall = gridIn((_, y) => Math.exp(-8 * y * y));
    const front = openingView(wall, space, [pathOf([[0, -0.6], [0.5, -0.7]])], width, height);
    const behind = openingView(wall, space, [pathOf([[0, 0.6], [0.5, 0.7]])], width, height);
    expect(front).toBe(FIRST_VIEW);
    const hidden = [FIRST_VIEW, behind].map((view) => isHidden(wall, space, onSurface(wall, space, 0, 0.6) ?? [0, 0, 0], eyeOf(view, space, width, height).position));
    expect(hidden).toEqual([true, false]);
  });

  test("has its numbers on the near edges of the box, whichever those are", () => {
    const scale = heightScale([0, 10]);
    for (const azimuth of [-135, -45, 45, 135]) {
      const eye = eyeOf({ azimuth, elevation: 30, zoom: 1 }, space, width, height);
      const { labels } = boxOf(WINDOW, space, scale, eye);
      const named = (key: string) => labels.find((each) => each.key === key);
      expect(named("x₁")?.y).toBeGreaterThan(eye.see([0, 0, 0]).y);
      expect(named("x₂")?.y).toBeGreaterThan(eye.see([0, 0, 0]).y);
      expect(named("f 0")?.x).toBeLessThan(eye.see([0, 0, 0]).x);
      expect(named("f 10")?.y).toBeLessThan(named("f 0")?.y ?? 0);
      expect(labels.filter(({ key }) => key.startsWith("x₁ ")).length).toBeGreaterThan(2);
    }
  });
});

test("the gradient climbs the ground, and there is none where it is level", () => {
  const window = WINDOW;
  const grid = gridIn((x, y) => x + y);
  const space = spaceOf(window);
  const eye = eyeOf(FIRST_VIEW, space, 600, 400);
  const climb = climbOf({ grid, space, window }, eye, [0, 0], [2, 0]);
  const [first, last] = [climb?.line.split(" ")[0], climb?.line.split(" ").at(-1)];
  const start = onSurface(grid, space, 0, 0);
  const end = onSurface(grid, space, 0.52, 0);
  if (!start || !end) throw new Error("no ground");
  const text = ({ x, y }: { x: number; y: number }): string => `${x.toFixed(1)},${y.toFixed(1)}`;
  expect([first, last]).toEqual([text(eye.see(start)), text(eye.see(end))]);
  expect(climbOf({ grid, space, window }, eye, [0, 0], [0, 0])).toBeNull();
  expect(climbOf({ grid, space, window }, eye, [null, 0], [1, 0])).toBeNull();
});
