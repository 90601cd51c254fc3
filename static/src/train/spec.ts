/** What is trained: data, a network, a loss and how it learns. Edits keep it legal; names come from the catalogue alone. */
import { fits } from "../state/weights";
import type { CatalogLoss } from "../api/types";
import { carriesTheSame, learningIn, requestOf as learningRequest, type Learning } from "../learning/learning";
import type { CatalogData, DataChoice, DataSetAnswer, Preparation, Snapshot, Task, TrainCatalog, TrainPreset, TrainRequest, Weights } from "./types";

export interface HiddenLayer {
  readonly units: number;
  readonly activation: string;
}

/** Where given weights come from the middle of a training: its step, and what its optimizer kept. */
export type Start = Omit<Snapshot, "layers">;

export type FirstWeights =
  | { readonly kind: "drawn"; readonly scheme: string; readonly seed: number }
  | { readonly kind: "given"; readonly layers: readonly Weights[]; readonly start?: Start };

export interface StopRule {
  /** ε₁ on the change of the loss from epoch to epoch; null: not asked for. */
  readonly lossChange: number | null;
  /** ε₂ on the gradient's norm; null: not asked for. */
  readonly gradientNorm: number | null;
  readonly require: "either" | "both";
}

export interface Spec {
  readonly data: DataChoice;
  /** The hidden layers; what comes before and after them follows the data. */
  readonly hidden: readonly HiddenLayer[];
  readonly output: string;
  readonly weights: FirstWeights;
  readonly loss: string;
  /** The optimizer with its numbers, and the schedule of its learning rate. */
  readonly learning: Learning;
  /** Samples a step; null: all of them. */
  readonly batch: number | null;
  readonly shuffleSeed: number;
  readonly epochs: number;
  readonly l1: number;
  readonly l2: number;
  readonly stop: StopRule;
}

/** What a branch comes from: a run with other settings, up to a step. */
export interface Origin {
  readonly spec: Spec;
  readonly step: number;
  /** Where that run is a branch itself. */
  readonly origin: Origin | null;
}

const NO_STOP: StopRule = { lossChange: null, gradientNorm: null, require: "either" };
function networkOf({ network }: TrainRequest): Pick<Spec, "hidden" | "output" | "weights"> {
  if ("sizes" in network) {
    const { sizes, activations, init } = network;
    const hidden = sizes.slice(1, -1).map((units, i) => ({ units, activation: activations[i] ?? "" }));
    return { hidden, output: activations.at(-1) ?? "", weights: { kind: "drawn", ...init } };
  }
  const { layers } = network;
  const hidden = layers.slice(0, -1).map(({ b, activation }) => ({ units: b.length, activation }));
  return { hidden, output: layers.at(-1)?.activation ?? "", weights: { kind: "given", layers: layers.map(({ W, b }) => ({ W, b })) } };
}

/** A request as what the page edits. */
export function specOf(request: TrainRequest, catalog: TrainCatalog): Spec {
  const { stop } = request;
  return {
    data: request.data,
    ...networkOf(request),
    loss: request.loss,
    learning: learningIn(request, catalog),
    batch: request.batch_size ?? null,
    shuffleSeed: request.shuffle_seed ?? 0,
    epochs: request.epochs ?? 100,
    l1: request.penalty?.l1 ?? 0,
    l2: request.penalty?.l2 ?? 0,
    stop: stop ? { lossChange: stop.loss_change ?? null, gradientNorm: stop.gradient_norm ?? null, require: stop.require ?? "either" } : NO_STOP,
  };
}

const isElementwise = (name: string, catalog: TrainCatalog): boolean => catalog.activations.find((each) => each.name === name)?.elementwise ?? true;

/** For numbers the loss that goes with any output; for classes one that goes with few: with outputs that mix, if there are several. */
function usualLoss(task: Task, outputs: number, catalog: TrainCatalog): { loss: string; output: string } {
  const byChoice = catalog.losses.toSorted((a, b) => a.outputs.length - b.outputs.length);
  const suits = (output: string): boolean => isElementwise(output, catalog) === (outputs === 1);
  const found = task === "regression" ? byChoice.at(-1) : byChoice.find((loss) => loss.outputs.some(suits));
  const output = task === "regression" ? found?.outputs[0] : found?.outputs.find(suits);
  return { loss: found?.name ?? "", output: output ?? "" };
}

export const openingOf = ({ train_presets: presets }: TrainCatalog): TrainPreset | undefined => presets[0];

export const dataSetOf = (catalog: TrainCatalog, choice: DataChoice): CatalogData | undefined =>
  "name" in choice ? catalog.data_sets.find(({ name }) => name === choice.name) : undefined;

/** What the server does with own data that say nothing: all rows are trained on, as they are. */
const OWN = { test_share: 0, standardise: false };

/** How the rows are parted and prepared: what the choice doesn't say is usual for its data. It goes along where they become one's own. */
export function preparationOf(choice: DataChoice, catalog: TrainCatalog): Preparation & typeof OWN {
  const usual = dataSetOf(catalog, choice) ?? OWN;
  const { test_share = usual.test_share, standardise = usual.standardise, split_seed } = choice;
  return { test_share, standardise, ...(split_seed === undefined ? {} : { split_seed }) };
}

/** Inputs first: the data decide how many there are at both ends. */
export const sizesOf = ({ hidden }: Spec, data: DataSetAnswer): number[] =>
  [data.features.length, ...hidden.map(({ units }) => units), data.Y[0]?.length ?? 1];

/** The body of a request; `from` is where it goes on. */
export function requestOf(spec: Spec, data: DataSetAnswer, { from = null, epochs = spec.epochs }: { from?: Snapshot | null; epochs?: number } = {}): TrainRequest {
  const { weights, learning, stop } = spec;
  const sizes = sizesOf(spec, data);
  const activations = [...spec.hidden.map(({ activation }) => activation), spec.output];
  const given = weights.kind === "given" && fits(weights.layers, sizes) ? weights.layers : null;
  const start = weights.kind === "given" && given && weights.start ? { ...weights.start, layers: [...given] } : null;
  const init = weights.kind === "drawn" ? { scheme: weights.scheme, seed: weights.seed } : { scheme: "torch_linear", seed: 0 };
  return {
    data: spec.data,
    network: given ? { layers: given.map((layer, i) => ({ ...layer, activation: activations[i] ?? "" })) } : { sizes, activations, init },
    loss: spec.loss,
    ...learningRequest(learning),
    batch_size: spec.batch,
    shuffle_seed: spec.shuffleSeed,
    epochs,
    penalty: { l1: spec.l1, l2: spec.l2 },
    stop: { loss_change: stop.lossChange, gradient_norm: stop.gradientNorm, require: stop.require },
    from: from ?? start,
  };
}

/** A change of these makes another experiment: what was learned doesn't carry over. */
const FOUNDATIONS = ["data", "hidden", "output", "weights", "loss"] as const;

/** The states of an optimizer belong to the learning. */
const foundation = (spec: Spec, key: (typeof FOUNDATIONS)[number]): string =>
  JSON.stringify(key === "weights" && spec.weights.kind === "given" ? [spec.weights.layers, spec.weights.start?.step] : spec[key]);

export const isAnother = (before: Spec, after: Spec): boolean => FOUNDATIONS.some((key) => foundation(before, key) !== foundation(after, key));

/** Another optimizer or schedule has no use for the states that the weights came with. */
export function withLearning(spec: Spec, learning: Learning): Spec {
  const { weights } = spec;
  if (weights.kind === "drawn" || !weights.start || carriesTheSame(spec.learning, learning)) return { ...spec, learning };
  return { ...spec, learning, weights: { ...weights, start: { step: weights.start.step, state: {}, afresh: true } } };
}

/** Whether a loss goes with these data, and if not, why. */
export function lossObjection({ name }: CatalogLoss, data: DataSetAnswer, catalog: TrainCatalog): string | null {
  return data.task === "regression" && name !== usualLoss("regression", 1, catalog).loss ? "for classes only" : null;
}

/** Whether the outputs may have this activation, and if not, why. */
export function outputObjection(loss: CatalogLoss | undefined, name: string, data: DataSetAnswer | null, catalog: TrainCatalog): string | null {
  if (loss && !loss.outputs.includes(name)) return `not with ${loss.title.toLowerCase()}`;
  return !isElementwise(name, catalog) && data?.Y[0]?.length === 1 ? "for more than one output" : null;
}

/** A loss brings an output activation that it goes with, and two classes the targets that this one takes. */
export function withLoss(spec: Spec, name: string, data: DataSetAnswer, catalog: TrainCatalog): Spec {
  const outputs = catalog.losses.find((loss) => loss.name === name)?.outputs ?? [];
  const output = outputs.includes(spec.output) ? spec.output : (outputs[0] ?? spec.output);
  const one_hot = data.classes?.length === 2 && !isElementwise(output, catalog);
  return { ...spec, loss: name, output, data: one_hot || spec.data.one_hot ? { ...spec.data, one_hot } : spec.data };
}

/** Other data; the network stays, and features where there are two inputs again; the loss is the one that suits them. */
export function withData(spec: Spec, choice: DataChoice, catalog: TrainCatalog): Spec {
  const isSame = "name" in spec.data && "name" in choice && spec.data.name === choice.name;
  const set = dataSetOf(catalog, choice);
  if (isSame || !set) return { ...spec, data: choice };
  const data = set.sizes[0] === 2 && spec.data.features ? { ...choice, features: spec.data.features } : choice;
  return { ...spec, data, ...usualLoss(set.task, set.sizes.at(-1) ?? 1, catalog), weights: drawnFrom(spec.weights, catalog) };
}

/** The names of the features that the network gets. */
export const featuresOf = ({ data }: Spec, catalog: TrainCatalog): readonly string[] => data.features ?? catalog.features.filter(({ usual }) => usual).map(({ name }) => name);

/** Another choice of features, in the catalogue's order; the usual ones needn't be said. */
export function withFeatures(spec: Spec, chosen: readonly string[], catalog: TrainCatalog): Spec {
  const entries = catalog.features.filter(({ name }) => chosen.includes(name));
  const isUsual = catalog.features.every((each) => each.usual === entries.includes(each));
  return { ...spec, data: { ...spec.data, features: isUsual ? undefined : entries.map(({ name }) => name) }, weights: drawnFrom(spec.weights, catalog) };
}

/** Data of another kind than the loss is for bring the loss of their kind. */
export function fitting(spec: Spec, data: DataSetAnswer, catalog: TrainCatalog): Spec {
  const loss = catalog.losses.find(({ name }) => name === spec.loss);
  const outputs = data.Y[0]?.length ?? 1;
  const isLegal = loss && lossObjection(loss, data, catalog) === null && outputObjection(loss, spec.output, data, catalog) === null;
  const isOfKind = data.task === "regression" || loss?.name === usualLoss("regression", 1, catalog).loss || !isElementwise(spec.output, catalog) === outputs > 1;
  return isLegal && isOfKind ? spec : { ...spec, ...usualLoss(data.task, outputs, catalog) };
}

export const drawnFrom = (weights: FirstWeights, catalog: TrainCatalog): FirstWeights =>
  weights.kind === "drawn" ? weights : { kind: "drawn", scheme: catalog.initialisers[0]?.name ?? "", seed: 0 };
