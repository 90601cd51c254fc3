import { expect, test } from "vitest";
import { twoTwoOne } from "../fixtures/traces";
import { reusing, samePlan } from "./reuse";
import type { Trace } from "./trace";

const copy = (): Trace => structuredClone(twoTwoOne);

test("equal parts are the old ones, so that nothing is drawn anew for them", () => {
  const next = reusing(twoTwoOne, copy());
  expect(next.steps).toBe(twoTwoOne.steps);
  for (const [id, tensor] of Object.entries(twoTwoOne.tensors)) expect(next.tensors[id]).toBe(tensor);
});

test("one other number makes its tensor another, and no other", () => {
  const other = copy();
  const [id = ""] = Object.keys(other.tensors);
  const tensor = other.tensors[id];
  if (!tensor) throw new Error(id);
  const changed = { ...other, tensors: { ...other.tensors, [id]: { ...tensor, data: tensor.data.map((x, i) => (i === 0 ? -0 : x)) } } };
  const next = reusing(twoTwoOne, changed);
  expect(Object.keys(next.tensors).filter((each) => next.tensors[each] !== twoTwoOne.tensors[each])).toEqual([id]);
  expect(next.tensors[id]?.data[0]).toBe(-0);
  expect(samePlan(twoTwoOne, next)).toBe(true);
});

test("0 and −0 are different numbers", () => {
  const tensor = (zero: number) => ({ symbol: "A", title: "", latex: "A", layer: 0, iteration: 0, axes: [], shape: [], data: [zero] });
  const [old, other] = [0, -0].map((zero): Trace => ({ ...twoTwoOne, tensors: { "A[0]@0": tensor(zero) } }));
  if (!old || !other) throw new Error("no traces");
  expect(Object.is(reusing(old, other).tensors["A[0]@0"]?.data[0], -0)).toBe(true);
});

test("another step makes all steps new", () => {
  const other = copy();
  const steps = other.steps.map((step, i) => (i === 0 ? { ...step, equation: "other" } : step));
  const next = reusing(twoTwoOne, { ...other, steps });
  expect(next.steps).toBe(steps);
  expect(next.equations).toBe(other.equations);
});

test("another shape is another plan, with the same steps too", () => {
  const other = copy();
  const [id = ""] = Object.keys(other.tensors);
  const tensor = other.tensors[id];
  if (!tensor) throw new Error(id);
  const resized = { ...other, tensors: { ...other.tensors, [id]: { ...tensor, shape: [...tensor.shape, 1] } } };
  expect(samePlan(twoTwoOne, reusing(twoTwoOne, resized))).toBe(false);
});
