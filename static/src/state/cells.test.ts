import { describe, expect, test } from "vitest";
import { catalog } from "../fixtures/catalog";
import type { Tensor, Trace } from "../model/trace";
import { givenAt, numberAt, withNumber } from "./cells";
import { complete, isWhole } from "./completing";
import { specOf, withLayer, withSize, withoutLayer, type Layers, type Spec } from "./spec";
import { readPlace, writePlace } from "./url";
import { FIRST_VIEW } from "./view";
import { startOf } from "./weights";

const small = catalog.presets[0] && specOf(catalog.presets[0], catalog);
if (!small) throw new Error("no preset");
const spec: Spec = small;
const layers: Layers = [
  { W: [[1, 2], [3, 4], [5, 6]], b: [7, 8, 9] },
  { W: [[10, 20, 30], [40, 50, 60]], b: [70, 80] },
];
const FROM = { scheme: "torch_linear", seed: 1 };
const given: Spec = { ...spec, weights: { kind: "given", layers, from: FROM } };

const tensor = (symbol: string, layer: number | null, axes: string[], shape: number[], data: number[] = []): Tensor => ({
  symbol, title: "", latex: "", layer, iteration: 0, axes, shape, data,
});
const W1 = tensor("W", 1, ["units[1]", "units[0]"], [3, 2], [1, 2, 3, 4, 5, 6]);

describe("where a cell of a trace stands in the spec", () => {
  test("a weight, whichever of its axes comes first", () => {
    expect(givenAt(W1, 5, null)).toEqual({ kind: "W", layer: 1, out: 2, in: 1 });
    const turned = tensor("W", 1, ["units[0]", "units[1]"], [2, 3]);
    expect(givenAt(turned, 5, null)).toEqual({ kind: "W", layer: 1, out: 2, in: 1 });
    expect(givenAt(turned, 2, null)).toEqual({ kind: "W", layer: 1, out: 2, in: 0 });
  });

  test("a row that the trace has alone is the chosen sample", () => {
    const X = tensor("A", 0, ["samples", "units[0]"], [1, 2]);
    expect(givenAt(X, 1, 1)).toEqual({ kind: "X", sample: 1, unit: 1 });
    expect(givenAt(tensor("Y", null, ["samples", "units[2]"], [2, 2]), 3, null)).toEqual({ kind: "Y", sample: 1, unit: 1 });
  });

  test("what is computed has no place", () => {
    expect(givenAt(tensor("Z", 1, ["samples", "units[1]"], [2, 3]), 0, null)).toBeNull();
    expect(givenAt({ ...W1, iteration: 1 }, 0, null)).toBeNull();
    expect(givenAt({ ...W1, iteration: 7 }, 0, null, 7)).not.toBeNull();
  });
});

test("one number of drawn weights makes them given, and they remember how they were drawn", () => {
  const edited = withNumber(spec, layers, { kind: "W", layer: 2, out: 1, in: 0 }, -4);
  expect(edited.weights).toEqual({ kind: "given", from: FROM, layers: [layers[0], { W: [[10, 20, 30], [-4, 50, 60]], b: [70, 80] }] });
  expect(edited.weights.kind === "given" && edited.weights.layers[0]).toBe(layers[0]);
  expect(withNumber(given, layers, { kind: "b", layer: 1, out: 2 }, 0.5).weights).toMatchObject({ from: FROM, layers: [{ b: [7, 8, 0.5] }, {}] });
  expect(withNumber(spec, layers, { kind: "X", sample: 1, unit: 0 }, 9).X).toEqual([[1, -2], [9, 3]]);
  expect(withNumber(spec, layers, { kind: "Y", sample: 0, unit: 1 }, 9).Y).toEqual([[1, 9], [0, 1]]);
  expect(numberAt(edited, layers, { kind: "X", sample: 0, unit: 1 })).toBe(-2);
});

describe("a change of sizes keeps given numbers", () => {
  test("all of them where it takes units away", () => {
    expect(withSize(given, 1, 2, catalog).weights).toEqual({
      kind: "given", from: FROM, layers: [{ W: [[1, 2], [3, 4]], b: [7, 8] }, { W: [[10, 20], [40, 50]], b: [70, 80] }],
    });
  });

  test("and draws the rest where it adds some", async () => {
    const wide = withSize(given, 1, 4, catalog);
    expect(isWhole(wide)).toBe(false);
    const drawn: Trace = {
      outcome: "complete", diverged: null, equations: {}, steps: [],
      tensors: {
        "W[1]@0": tensor("W", 1, ["units[1]", "units[0]"], [4, 2], [-1, -2, -3, -4, -5, -6, -7, -8]),
        "b[1]@0": tensor("b", 1, ["units[1]"], [4], [-1, -2, -3, -4]),
        "W[2]@0": tensor("W", 2, ["units[2]", "units[1]"], [2, 4], [-1, -2, -3, -4, -5, -6, -7, -8]),
        "b[2]@0": tensor("b", 2, ["units[2]"], [2], [-1, -2]),
      },
    };
    const asked: unknown[] = [];
    const whole = await complete(wide, (request) => {
      asked.push(request.network);
      return Promise.resolve(drawn);
    });
    expect(asked).toEqual([{ sizes: [2, 4, 2], activations: ["tanh", "identity"], init: FROM }]);
    expect(whole?.weights).toEqual({
      kind: "given", from: FROM,
      layers: [
        { W: [[1, 2], [3, 4], [5, 6], [-7, -8]], b: [7, 8, 9, -4] },
        { W: [[10, 20, 30, -4], [40, 50, 60, -8]], b: [70, 80] },
      ],
    });
    expect(await complete(wide, () => Promise.resolve(null))).toBeNull();
  });

  test("of the layers that stay, when one comes or goes", () => {
    expect(withLayer(given, catalog).weights).toMatchObject({
      kept: [layers[0], { W: [], b: [] }, layers[1]],
    });
    expect(withoutLayer(given, 1, catalog).weights).toEqual({
      kind: "given", from: FROM, layers: [{ W: [[10, 20], [40, 50]], b: [70, 80] }],
    });
  });

  test("while the rest is on its way, the address has them", () => {
    const wide = withLayer(withSize(given, 1, 4, catalog), catalog);
    const address = writePlace({ spec: wide, view: FIRST_VIEW, at: null }, catalog);
    expect(readPlace(address, catalog).place?.spec).toEqual(wide);
  });

  test("a new output is a column of zeros in Y", () => {
    const wide = withSize(given, 2, 3, catalog);
    expect(wide.Y).toEqual([[1, 0, 0], [0, 1, 0]]);
    expect(wide.X).toBe(spec.X);
    expect(withSize(wide, 2, 2, catalog).Y).toEqual(spec.Y);
  });

  test("a new input is a column of zeros, and takes its weights along", () => {
    const wide = withSize(given, 0, 3, catalog);
    expect(wide.X).toEqual([[1, -2, 0], [0.5, 3, 0]]);
    expect(withSize(wide, 0, 2, catalog).X).toEqual(spec.X);
  });
});

test("the weights that a trace starts from, by row of units", () => {
  const tensors = { "W[1]@0": W1, "b[1]@0": tensor("b", 1, ["units[1]"], [3], [7, 8, 9]) };
  const trace: Trace = { outcome: "complete", diverged: null, equations: {}, steps: [], tensors };
  expect(startOf(trace, [2, 3], 0)).toEqual([layers[0]]);
  expect(startOf(trace, [2, 3, 2], 0)).toBeNull();
});
