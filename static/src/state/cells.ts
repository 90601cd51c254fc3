/** The numbers that a trace starts from, cell by cell: where each stands in the spec, and the spec with another one there. */
import { indicesOf, layerOfAxis, type Tensor } from "../model/trace";
import type { Layers, Spec, Weights } from "./spec";

export type Given =
  | { kind: "W"; layer: number; out: number; in: number }
  | { kind: "b"; layer: number; out: number }
  | { kind: "X"; sample: number; unit: number }
  | { kind: "Y"; sample: number; unit: number };

/** W and b before the first update, X and Y; any other tensor is computed. */
export function isGiven({ symbol, layer, iteration }: Pick<Tensor, "symbol" | "layer" | "iteration">, first: number): boolean {
  return ((symbol === "W" || symbol === "b") && iteration === first) || symbol === "Y" || (symbol === "A" && layer === 0);
}

/** What a cell stands for. `sample` is the row of X that the trace has alone, `first` its first iteration. */
export function givenAt(tensor: Tensor, cell: number, sample: number | null, first = 0): Given | null {
  if (!isGiven(tensor, first)) return null;
  const indices = indicesOf(cell, tensor.shape);
  const along = (layer: number | null): number => indices[tensor.axes.findIndex((axis) => layerOfAxis(axis) === layer)] ?? 0;
  const layer = tensor.layer ?? 0;
  if (tensor.symbol === "W") return { kind: "W", layer, out: along(layer), in: along(layer - 1) };
  if (tensor.symbol === "b") return { kind: "b", layer, out: along(layer) };
  const unit = indices[tensor.axes.findIndex((axis) => layerOfAxis(axis) !== null)] ?? 0;
  return { kind: tensor.symbol === "Y" ? "Y" : "X", sample: sample ?? along(null), unit };
}

/** The number there now; `layers` are the weights, drawn or given. */
export function numberAt(spec: Spec, layers: Layers, given: Given): number | null {
  if (given.kind === "W") return layers[given.layer - 1]?.W[given.out]?.[given.in] ?? null;
  if (given.kind === "b") return layers[given.layer - 1]?.b[given.out] ?? null;
  return spec[given.kind]?.[given.sample]?.[given.unit] ?? null;
}

const replaced = <T>(list: readonly T[], place: number, make: (old: T) => T): T[] =>
  list.map((each, i) => (i === place ? make(each) : each));

const put = (row: readonly number[], place: number, value: number): number[] => replaced(row, place, () => value);

/** Another number there. One weight that is edited makes all of them given; how they were drawn is kept with them. */
export function withNumber(spec: Spec, layers: Layers, given: Given, value: number): Spec {
  if (given.kind === "X") return { ...spec, X: replaced(spec.X, given.sample, (row) => put(row, given.unit, value)) };
  if (given.kind === "Y") return { ...spec, Y: spec.Y && replaced(spec.Y, given.sample, (row) => put(row, given.unit, value)) };
  return { ...spec, weights: withWeight(spec.weights, layers, given, value) };
}

function withWeight(weights: Weights, layers: Layers, given: Extract<Given, { layer: number }>, value: number): Weights {
  const from = weights.kind === "drawn" ? { scheme: weights.scheme, seed: weights.seed } : weights.from;
  const edited = replaced(layers, given.layer - 1, ({ W, b }) =>
    given.kind === "W" ? { W: replaced(W, given.out, (row) => put(row, given.in, value)), b } : { W, b: put(b, given.out, value) });
  return { kind: "given", layers: edited, ...(from && { from }) };
}
