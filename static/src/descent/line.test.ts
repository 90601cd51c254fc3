import { expect, test } from "vitest";
import { curveText, cycleOf, heightAt, heightsIn, hopsText, incrementOf, keyStep, largestGap, onHop, usualIncrement } from "./line";

const parabola = (from: number, to: number, count = 201): { x: number[]; values: (number | null)[] } => {
  const x = Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  return { x, values: x.map((each) => each * each) };
};

test("the heights are those of the window alone, with a margin", () => {
  const [low, high] = heightsIn(parabola(-4, 4), [0, 2]);
  expect(low).toBeCloseTo(-0.36);
  expect(high).toBeCloseTo(4.36);
});

test("a level line and one without numbers have a height too", () => {
  expect(heightsIn({ x: [0, 1], values: [5, 5] }, [0, 1])).toEqual([0, 10]);
  expect(heightsIn({ x: [0, 1], values: [0, 0] }, [0, 1])).toEqual([-1, 1]);
  expect(heightsIn({ x: [0, 1], values: [null, null] }, [0, 1])).toEqual([-1, 1]);
});

test("between samples the drawing is straight; beside them and at holes there is none", () => {
  const field = { x: [0, 1, 2, 3], values: [0, 10, null, 30] };
  expect(heightAt(field, 0.25)).toBe(2.5);
  expect(heightAt(field, 1)).toBeNull();
  expect(heightAt(field, -0.1)).toBeNull();
  expect(heightAt(field, 3.1)).toBeNull();
});

test("the gap to the tangent falls with the square of the window", () => {
  const at = { at: 3, value: 9, slope: 6 };
  expect(largestGap(parabola(2, 4), [2, 4], at)).toBeCloseTo(1);
  expect(largestGap(parabola(2.9, 3.1), [2.9, 3.1], at)).toBeCloseTo(0.01);
  expect(largestGap(parabola(2, 4), [8, 9], at)).toBeNull();
});

test("x² at 3 with Δx = 0.1: 0.61 beside 0.60, and Δx² is left", () => {
  const found = incrementOf({ value: 9, slope: 6 }, 3.1 * 3.1, 0.1);
  expect(found.dy).toBeCloseTo(0.61);
  expect(found.linear).toBeCloseTo(0.6);
  expect(found.error).toBeCloseTo(0.01);
  expect(found.ofSquare).toBeCloseTo(1);
});

test("what only rounding left isn't called a multiple of Δx²", () => {
  expect(incrementOf({ value: 9, slope: 6 }, (3 + 1e-9) ** 2, 1e-9).ofSquare).toBeNull();
  expect(incrementOf({ value: 9, slope: 6 }, 9, 0)).toEqual({ dy: 0, linear: 0, error: 0, ofSquare: null });
});

test("the curve breaks at holes and stays within what can be drawn", () => {
  const same = (value: number): number => value;
  expect(curveText({ x: [0, 1, 2, 3], values: [1, 2, null, 1e9] }, same, same)).toBe("M0.0 1.0L1.0 2.0M3.0 10000.0");
});

test("a hop to the right passes above its line, one to the left below", () => {
  expect(onHop({ from: 10, to: 30 }, 0.5, 20, 50)).toEqual([20, 10]);
  expect(onHop({ from: 30, to: 10 }, 0.5, 20, 50)).toEqual([20, 30]);
  expect(onHop({ from: 10, to: 30 }, 1, 20, 50)[0]).toBe(30);
  expect(onHop({ from: 0, to: 200 }, 0.5, 20, 8)[1]).toBe(12);
});

test("hops that nobody sees aren't drawn", () => {
  expect(hopsText([{ from: 10, to: 30 }], 20, 8, 100)).toBe("M10.0 20.0A10.0 8.0 0 0 1 30.0 20.0");
  expect(hopsText([{ from: 10, to: 10.5 }, { from: 110, to: 130 }, { from: -9, to: -2 }, { from: NaN, to: 3 }], 20, 8, 100)).toBe("");
});

test("a run that hops between two points is told from one that lands or creeps", () => {
  expect(cycleOf([3, 1, 0.2, -0.2, 0.2, -0.2])).toEqual({ since: 2, between: [0.2, -0.2] });
  expect(cycleOf([1, -1, 1 + 1e-13, -1])).toEqual({ since: 0, between: [1 + 1e-13, -1] });
  expect(cycleOf([3, 2, 1, 0, 0, 0])).toBeNull();
  expect(cycleOf([3, 2.4, 1.92, 1.536, 1.2288])).toBeNull();
  expect(cycleOf([1, -1, 1])).toBeNull();
  expect(cycleOf([1, -1, null, null])).toBeNull();
});

test("an arrow key takes a round step that fits the window", () => {
  expect(keyStep([-4, 4])).toBeCloseTo(0.1);
  expect(keyStep([2.999, 3.001])).toBeCloseTo(1e-5);
});

test.each<[number, number, number]>([[-4, 4, 0.5], [2.5, 3.5, 0.1], [-6, 6, 1], [0.95, 1.05, 0.01], [2.99999995, 3.00000005, 1e-8], [0, 1e5, 1e4]])("in a window from %d to %d the increment is %d", (from, to, expected) => {
  expect(usualIncrement([from, to])).toBe(expected);
});
