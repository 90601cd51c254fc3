import { expect, test } from "vitest";
import { catalog } from "../fixtures/catalog";
import { specOf, withActivation, withData, withDrawn, withLoss, withSize, type Spec } from "./spec";

const preset = catalog.presets[0];
if (!preset) throw new Error("no preset");
const spec = specOf(preset, catalog);
const layers = [{ W: [[1, 2], [3, 4], [5, 6]], b: [7, 8, 9] }, { W: [[10, 20, 30], [40, 50, 60]], b: [70, 80] }];
const given: Spec = { ...spec, weights: { kind: "given", layers } };

test("an activation goes to its own layer", () => {
  expect(withActivation(spec, 1, "sigmoid").activations).toEqual(["sigmoid", "identity"]);
  expect(withActivation(spec, 2, "sigmoid").activations).toEqual(["tanh", "sigmoid"]);
});

test("a loss keeps an output that goes with it, and else brings one", () => {
  expect(withLoss(spec, "mse", catalog).activations).toEqual(["tanh", "identity"]);
  expect(withLoss(spec, "cross_entropy", catalog).activations).toEqual(["tanh", "softmax"]);
  expect(withLoss({ ...spec, Y: null }, "mse", catalog).Y).toEqual([[1, 0], [0, 1]]);
  expect(withLoss(spec, null, catalog)).toMatchObject({ loss: null, Y: spec.Y, activations: spec.activations });
});

test("new data of another width changes the sizes and keeps the weights that still fit", () => {
  expect(withData(given, [[9, 8]], [[0, 1]], catalog)).toMatchObject({ X: [[9, 8]], Y: [[0, 1]], sizes: spec.sizes, weights: given.weights });
  const narrow = withData(given, [[9]], [[1]], catalog);
  expect(narrow.sizes).toEqual([1, 3, 1]);
  expect(narrow.weights).toMatchObject({ kind: "given", layers: [{ W: [[1], [3], [5]] }, { W: [[10, 20, 30]], b: [70] }] });
});

test("drawing anew keeps no number of before, given or waiting", () => {
  expect(withDrawn(given, "zeros", 4).weights).toEqual({ kind: "drawn", scheme: "zeros", seed: 4 });
  const wide = withSize(given, 1, 4, catalog);
  expect(wide.weights).toHaveProperty("kept");
  expect(withDrawn(wide, "zeros", 4).weights).toEqual({ kind: "drawn", scheme: "zeros", seed: 4 });
});
