import { expect, test } from "vitest";
import { twoTwoOne as trace } from "../fixtures/traces";
import { timelineOf, versionsOf } from "../model/timeline";
import { passOf, pictureAt } from "./picture";

const timeline = timelineOf(trace);
const made = (id: string): number => timeline.producers.get(id) ?? NaN;
const at = (done: number, iteration = 0) => pictureAt(trace, timeline, versionsOf(trace), 2, iteration, done);
const pass = (id: string) => passOf(trace, trace.steps[made(id)] ?? null);

test("activations and gradients are there once they are computed", () => {
  expect(at(0).activations.map((grid) => grid !== null)).toEqual([true, false, false]);
  expect(at(made("Z[1]@0") + 1).activations[1]?.data).toEqual(trace.tensors["Z[1]@0"]?.data);
  expect(at(made("A[1]@0") + 1).activations[1]?.data).toEqual(trace.tensors["A[1]@0"]?.data);
  expect(at(made("dZ[2]@0") + 1).gradients.map((grid) => grid !== null)).toEqual([false, true]);
  expect(at(made("Z[1]@1"), 1).activations[1]).toBeNull();
});

test("the weights change with their update", () => {
  const update = made("W[1]@1");
  expect([...(at(update).weights[0] ?? [])]).toEqual(trace.tensors["W[1]@0"]?.data);
  expect([...(at(update + 1).weights[0] ?? [])]).toEqual(trace.tensors["W[1]@1"]?.data);
});

test("what moves is what is computed", () => {
  expect(pass("Z[2]@0")).toMatchObject({ kind: "forward", layer: 2 });
  expect(pass("A[1]@0")).toMatchObject({ kind: "activate", layer: 1 });
  expect(pass("L@0")).toMatchObject({ kind: "loss" });
  expect(pass("dA[1]@0")).toMatchObject({ kind: "backward", layer: 2 });
  expect(pass("dW[2]@0")).toMatchObject({ kind: "gradient", layer: 2 });
  expect(pass("W[2]@1")).toMatchObject({ kind: "update", layer: 2 });
  expect(pass("dZ[1]@0")).toBeNull();
});

test("a gradient's strength on an edge is the number itself", () => {
  expect([...(pass("dW[1]@0")?.strengths ?? [])]).toEqual(trace.tensors["dW[1]@0"]?.data);
});

test("an edge's strength is its weight times what runs along it", () => {
  const w = trace.tensors["W[1]@0"]?.data ?? [];
  const x = trace.tensors["A[0]@0"]?.data ?? [];
  const mean = (Math.abs(x[1] ?? 0) + Math.abs(x[3] ?? 0) + Math.abs(x[5] ?? 0)) / 3;
  expect(pass("Z[1]@0")?.strengths?.[3]).toBeCloseTo((w[3] ?? 0) * mean, 12);
});
