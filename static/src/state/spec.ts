/** What is computed: a network, its data and how it learns. Edits keep it legal. */
import type { Catalog, CatalogPreset, ConventionsChoice, GivenLayer, Rows, TraceRequest, TraceStart } from "../api/types";
import { carriesTheSame, learningIn, requestOf as learningRequest, type Learning } from "../learning/learning";
import { LECTURE } from "./conventions";
import { keeping } from "./weights";

export type Layers = readonly Pick<GivenLayer, "W" | "b">[];

/** How numbers are drawn. */
export interface Draw {
  scheme: string;
  seed: number;
}

/** Drawn ones may keep numbers from before a change of sizes: those are laid over the drawn ones once these are there. */
export type Weights =
  | ({ kind: "drawn"; kept?: Layers } & Draw)
  | { kind: "given"; layers: Layers; from?: Draw };

export interface Spec {
  preset: string;
  sizes: readonly number[];
  activations: readonly string[];
  weights: Weights;
  loss: string | null;
  X: Rows;
  Y: Rows | null;
  /** The optimizer with its numbers, and the schedule of its learning rate; null: nothing is updated. */
  learning: Learning | null;
  l1: number;
  l2: number;
  /** Where it begins in the middle of a training; null: at the beginning. */
  start: TraceStart | null;
  iterations: number;
  precision: string;
  conventions: ConventionsChoice;
}

const DEFAULT_OPTIMIZER = { name: "gradient_descent" };

export function specOf({ name, request }: CatalogPreset, catalog: Catalog): Spec {
  const { network, loss = null, X, Y = null, optimizer = DEFAULT_OPTIMIZER, schedule, penalty, start = null, iterations = 1, precision = "float64" } = request;
  const shared = {
    preset: name,
    loss,
    X,
    Y,
    learning: optimizer === null ? null : learningIn({ optimizer, schedule }, catalog),
    l1: penalty?.l1 ?? 0,
    l2: penalty?.l2 ?? 0,
    start,
    iterations,
    precision,
    conventions: request.conventions ?? LECTURE,
  };
  if ("sizes" in network) {
    const { sizes, activations, init } = network;
    return { ...shared, sizes, activations, weights: { kind: "drawn", ...init } };
  }
  const { layers } = network;
  return {
    ...shared,
    sizes: [X[0]?.length ?? 1, ...layers.map(({ b }) => b.length)],
    activations: layers.map(({ activation }) => activation),
    weights: { kind: "given", layers: layers.map(({ W, b }) => ({ W, b })) },
  };
}

function networkOf({ sizes, activations, weights }: Spec): TraceRequest["network"] {
  if (weights.kind === "drawn") {
    const { scheme, seed } = weights;
    return { sizes: [...sizes], activations: [...activations], init: { scheme, seed } };
  }
  return { layers: weights.layers.map((layer, i) => ({ ...layer, activation: activations[i] ?? "" })) };
}

const row = (rows: Rows, sample: number | null): Rows => (sample === null ? rows : rows.slice(sample, sample + 1));

/** The request for the batch, or for one of its samples alone. */
export function requestOf(spec: Spec, sample: number | null): TraceRequest {
  const hasLoss = spec.loss !== null && spec.Y !== null;
  return {
    network: networkOf(spec),
    loss: hasLoss ? spec.loss : null,
    X: row(spec.X, sample),
    Y: hasLoss && spec.Y ? row(spec.Y, sample) : null,
    ...(spec.learning ? learningRequest(spec.learning) : { optimizer: null }),
    penalty: { l1: spec.l1, l2: spec.l2 },
    start: isTraining(spec) ? spec.start : null,
    iterations: isTraining(spec) ? spec.iterations : 1,
    precision: spec.precision,
    conventions: spec.conventions,
  };
}

/** How the numbers that given weights lack are drawn. */
export function drawOf(weights: Weights, catalog: Catalog): Draw {
  if (weights.kind === "drawn") return { scheme: weights.scheme, seed: weights.seed };
  return weights.from ?? { scheme: catalog.initialisers[0]?.name ?? "", seed: 1 };
}

/** A change of sizes draws drawn weights anew, and keeps given ones as far as they still fit; `move` moves their layers. */
function resized(spec: Spec, sizes: readonly number[], activations: readonly string[], catalog: Catalog, move = (layers: Layers): Layers => layers): Spec {
  const { weights } = spec;
  const draw = drawOf(weights, catalog);
  const old = weights.kind === "given" ? weights.layers : weights.kept;
  return { ...spec, sizes, activations, weights: old ? keeping(move(old), sizes, draw) : { kind: "drawn", ...draw }, start: null };
}

const NO_LAYER: Layers[number] = { W: [], b: [] };

const fitted = (row: readonly number[], length: number): number[] =>
  Array.from({ length }, (_, i) => row[i] ?? 0);

/** Another number of units. A new input is a column of zeros in X, a new output one in Y. */
export function withSize(spec: Spec, layer: number, size: number, catalog: Catalog): Spec {
  const X = layer === 0 ? spec.X.map((row) => fitted(row, size)) : spec.X;
  const isOutput = layer === spec.sizes.length - 1;
  const Y = isOutput && spec.Y ? spec.Y.map((row) => fitted(row, size)) : spec.Y;
  return resized({ ...spec, X, Y }, spec.sizes.map((old, i) => (i === layer ? size : old)), spec.activations, catalog);
}

/** The activation of a hidden layer that has nothing to go by: what the first preset with one uses. */
export function usualHidden(catalog: Catalog): string {
  const activations = catalog.presets.map((preset) => specOf(preset, catalog).activations);
  return activations.find((each) => each.length > 1)?.[0] ?? catalog.activations[0]?.name ?? "";
}

/** One more hidden layer before the output, like the last hidden one. */
export function withLayer(spec: Spec, catalog: Catalog): Spec {
  const place = spec.sizes.length - 1;
  const size = place > 1 ? (spec.sizes[place - 1] ?? 4) : 4;
  const activation = (place > 1 ? spec.activations[place - 2] : undefined) ?? usualHidden(catalog);
  return resized(spec, spec.sizes.toSpliced(place, 0, size), spec.activations.toSpliced(place - 1, 0, activation), catalog, (layers) => layers.toSpliced(place - 1, 0, NO_LAYER));
}

export function withoutLayer(spec: Spec, layer: number, catalog: Catalog): Spec {
  return resized(spec, spec.sizes.toSpliced(layer, 1), spec.activations.toSpliced(layer - 1, 1), catalog, (layers) => layers.toSpliced(layer - 1, 1));
}

export function withActivation(spec: Spec, layer: number, activation: string): Spec {
  return { ...spec, activations: spec.activations.map((old, i) => (i === layer - 1 ? activation : old)) };
}

/** Whether a layer may have this activation, and if not, why. */
export function objection(spec: Spec, layer: number, activation: string, catalog: Catalog): string | null {
  const isOutput = layer === spec.sizes.length - 1;
  const loss = catalog.losses.find(({ name }) => name === spec.loss);
  const isElementwise = catalog.activations.find(({ name }) => name === activation)?.elementwise ?? true;
  if (!isOutput && !isElementwise) return "outputs only";
  if (isOutput && loss && !loss.outputs.includes(activation)) return `not with ${loss.title.toLowerCase()}`;
  return null;
}

/** Targets to start from where there are none: one-hot rows, which suit every loss. */
function firstTargets(samples: number, outputs: number): Rows {
  return Array.from({ length: samples }, (_, p) =>
    Array.from({ length: outputs }, (_, k) => (outputs === 1 ? p % 2 : p % outputs === k ? 1 : 0)),
  );
}

/** A loss brings an output activation that it goes with, and targets if there were none. */
export function withLoss(spec: Spec, loss: string | null, catalog: Catalog): Spec {
  if (loss === null) return { ...spec, loss };
  const outputs = catalog.losses.find(({ name }) => name === loss)?.outputs ?? [];
  const last = spec.activations.at(-1) ?? "";
  const output = outputs.includes(last) ? last : outputs[0];
  const Y = spec.Y ?? firstTargets(spec.X.length, spec.sizes.at(-1) ?? 1);
  return { ...spec, loss, Y, activations: [...spec.activations.slice(0, -1), output ?? last] };
}

/** New data; the number of inputs and outputs follows it. */
export function withData(spec: Spec, X: Rows, Y: Rows | null, catalog: Catalog): Spec {
  const inputs = X[0]?.length ?? 1;
  const outputs = Y?.[0]?.length ?? spec.sizes.at(-1) ?? 1;
  const sizes = [inputs, ...spec.sizes.slice(1, -1), outputs];
  const isSame = sizes.every((size, i) => size === spec.sizes[i]);
  const next = { ...spec, X, Y };
  return isSame ? next : resized(next, sizes, spec.activations, catalog);
}

export function withDrawn(spec: Spec, scheme: string, seed: number): Spec {
  return { ...spec, weights: { kind: "drawn", scheme, seed }, start: null };
}

/** Another optimizer or schedule carries other numbers on from step to step, so that it begins afresh. */
export function withLearning(spec: Spec, learning: Learning): Spec {
  return { ...spec, learning, start: spec.learning && carriesTheSame(spec.learning, learning) ? spec.start : null };
}

/** The presets under the headings of their groups, in the catalogue's order. */
export function presetGroups({ presets }: Catalog): [string, CatalogPreset[]][] {
  const groups = new Map<string, CatalogPreset[]>();
  for (const preset of presets) groups.set(preset.group, [...(groups.get(preset.group) ?? []), preset]);
  return [...groups];
}

export const isTraining = (spec: Spec): boolean => spec.loss !== null && spec.Y !== null && spec.learning !== null;

/** Its iterations, numbered as in the ids of the trace; `end` is the one after the last. */
export function spanOf(spec: Spec): { first: number; end: number } {
  const { start, iterations } = requestOf(spec, null);
  const first = start?.step ?? 0;
  return { first, end: first + (iterations ?? 1) };
}
