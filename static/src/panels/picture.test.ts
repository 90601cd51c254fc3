import { expect, test } from "vitest";
import { adamwStep, twoTwoOne as trace } from "../fixtures/traces";
import { timelineOf, versionsOf } from "../model/timeline";
import { named } from "./names";
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

test("only new weights change the edges; what the optimizer keeps is drawn on them", () => {
  const own = timelineOf(adamwStep);
  const ofStep = (id: string) => passOf(adamwStep, adamwStep.steps[own.producers.get(id) ?? NaN] ?? null);
  const numbers = (id: string): readonly (number | null)[] | undefined => adamwStep.tensors[id]?.data;
  expect([...(ofStep("mW[1]@8")?.strengths ?? [])]).toEqual(numbers("mW[1]@8"));
  expect(ofStep("rW[2]@7")).toMatchObject({ kind: "gradient", layer: 2 });
  expect(ofStep("eta@7")).toBeNull();
  const update = ofStep("W[1]@8");
  expect(update).toMatchObject({ kind: "update", layer: 1 });
  // Not from the decayed weights that its equation starts from.
  expect([...(update?.before ?? [])]).toEqual(numbers("W[1]@7"));
  const picture = pictureAt(adamwStep, own, versionsOf(adamwStep), 2, 7, own.length);
  expect(picture.gradients.every((grid) => grid !== null)).toBe(true);
});

test("what goes on to the next iteration is new; what is made on the way there isn't", () => {
  const own = timelineOf(adamwStep);
  const title = (id: string): string | undefined => named(adamwStep, own, id, 7)?.title;
  expect(["W[1]@8", "mW[1]@8", "t@8"].map(title)).toEqual(["new weights", "new mean of the gradients", "new number of this step"]);
  expect(["W[1]@7", "m_hatW[1]@7", "eta@7"].map(title)).toEqual(["weights", "corrected mean of the gradients", "learning rate"]);
  expect(named(adamwStep, own, "m_hatW[1]@7", 7)?.latex).toBe("\\hat m_{W}^{(1)}");
  expect(named(adamwStep, own, "mW[1]@8", 7)?.latex).toBe("m_{W,\\,\\text{new}}^{(1)}");
});
