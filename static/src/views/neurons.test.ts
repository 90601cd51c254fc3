import { expect, test } from "vitest";
import { changeOf, columnView, contentOf, receiver, stageOf } from "./neurons";
import type { Grid, Motion } from "./types";

const grid: Grid = { rows: 3, columns: 2, data: [1, 2, 3, 4, 5, 6] };

function motion(kind: Motion["kind"], progress: number): Motion {
  return { kind, layer: 1, progress, strengths: null };
}

test("a neuron shows one sample, or a stripe a sample", () => {
  expect(contentOf(grid, 6, 1, 0).values).toEqual([2]);
  expect(contentOf(grid, 6, 1, null).values).toEqual([2, 4, 6]);
  expect(contentOf(null, 6, 1, null).values).toEqual([]);
});

test("very many samples are some stripes, from first to last", () => {
  const tall: Grid = { rows: 200, columns: 1, data: Array.from({ length: 200 }, (_, i) => i) };
  expect(contentOf(tall, 1, 0, null).values).toHaveLength(24);
});

test("forward leads to its layer, backward to the one before", () => {
  expect(receiver(motion("forward", 0))).toBe(1);
  expect(receiver(motion("backward", 0))).toBe(0);
});

test("a neuron fills only when the pulses arrive", () => {
  const after = Float64Array.from([7, 8]);
  const column = columnView(1, 2, true, null, undefined, after);
  const at = (progress: number): number => stageOf(column, motion("forward", progress), false).blend;
  expect(at(0.5)).toBe(0);
  expect(at(1)).toBe(1);
  expect(changeOf(column, 0, 0, "forward").after.values).toEqual([7]);
});

test("with reduced motion it fades all the way", () => {
  const column = columnView(1, 2, true, grid, undefined, undefined);
  expect(stageOf(column, motion("forward", 0.5), true).blend).toBe(0.5);
});

test("an activation leads from Z to A, each on its own scale", () => {
  const [before, after] = [Float64Array.from([9, -3]), Float64Array.from([1, -1])];
  const column = columnView(1, 2, true, null, before, after);
  const change = changeOf(column, 1, 0, "activate");
  expect(change.before).toEqual({ values: [-3], scale: 9 });
  expect(change.after).toEqual({ values: [-1], scale: 1 });
});

test("other columns stand still, and the loss glows at the outputs only", () => {
  const hidden = columnView(0, 2, false, grid, undefined, undefined);
  const outputs = columnView(1, 2, true, grid, undefined, undefined);
  expect(stageOf(hidden, motion("forward", 0.5), false).strength).toBe(0);
  expect(stageOf(hidden, motion("loss", 0.5), false).strength).toBe(0);
  expect(stageOf(outputs, motion("loss", 0.5), false).strength).toBeGreaterThan(0.5);
});
