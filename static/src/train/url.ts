/**
 * The state as a query, and back. Only what differs from the preset is written:
 * ?preset=moons&data=samples:300,noise:0.2&net=8:tanh,8:tanh&out=sigmoid&opt=adam,learning_rate:0.01&batch=10&at=120
 * A branch says at which step it began, and what was different before it: &from=42&was=opt%3Dadam
 * Given weights, and data that would make the query too long, stand behind a # (they never go to the server),
 * as does where in a training the weights come from: #w=…&start={"step":7,"state":{…}}
 * What can't be used falls back, with a sentence about it.
 */
import { readLearning, startIn, writeLearning } from "../learning/address";
import { forNetworks } from "../learning/learning";
import { formatSetting } from "../model/format";
import { SPEEDS } from "../state/view";
import { openingOf, specOf, type FirstWeights, type Origin, type Spec, type Start } from "./spec";
import type { DataChoice, TrainCatalog } from "./types";

export interface Neuron {
  /** From 1; the last one is the output. */
  readonly layer: number;
  readonly unit: number;
}

export interface Place {
  spec: Spec;
  preset: string | null;
  /** Where the playhead stands; null: it plays. */
  step: number | null;
  speed: number;
  neuron: Neuron | null;
  sample: number | null;
  showTest: boolean;
  discretise: boolean;
  /** What the run is a branch of. */
  origin: Origin | null;
}

/** Data of more characters stand behind the #. */
const LONG = 1500;
const OFF = "off";
const FULL = "full";
const NONE = "none";
const MOST_SEED = 2 ** 31 - 1;

type Pairs = Readonly<Record<string, string>>;

const json = (value: unknown): string => JSON.stringify(value);
const epsilon = (value: number | null): string => (value === null ? OFF : formatSetting(value));

function weightsText(weights: FirstWeights): string {
  if (weights.kind === "drawn") return `${weights.scheme}:${formatSetting(weights.seed)}`;
  return weights.layers.map(({ W, b }) => [...W, b].map((row) => row.join(",")).join(";")).join("|");
}

function pairsOf(spec: Spec, catalog: TrainCatalog): Pairs {
  const { data, hidden, stop } = spec;
  return {
    data: json(data),
    net: hidden.map(({ units, activation }) => `${formatSetting(units)}:${activation}`).join(",") || NONE,
    out: spec.output,
    w: weightsText(spec.weights),
    start: spec.weights.kind === "given" && spec.weights.start ? json(spec.weights.start) : "",
    loss: spec.loss,
    opt: writeLearning(spec.learning, catalog),
    batch: spec.batch === null ? FULL : formatSetting(spec.batch),
    shuffle: formatSetting(spec.shuffleSeed),
    epochs: formatSetting(spec.epochs),
    l1: formatSetting(spec.l1),
    l2: formatSetting(spec.l2),
    el: epsilon(stop.lossChange),
    eg: epsilon(stop.gradientNorm),
    require: stop.require,
  };
}

/** Commas, colons and brackets stay readable. */
const readable = (text: string): string => encodeURIComponent(text).replace(/%(2C|3A|3B|7C)/g, (code) => decodeURIComponent(code));

type Pair = [key: string, value: string];
const joined = (pairs: readonly Pair[]): string => pairs.map(([key, value]) => `${key}=${readable(value)}`).join("&");
const differing = (pairs: Pairs, usual: Pairs): Pair[] => Object.entries(pairs).filter(([key, value]) => value !== usual[key]);

/** What was different in the run that a branch comes from. */
function originPairs(origin: Origin | null, after: Spec, catalog: TrainCatalog): Pair[] {
  if (!origin) return [];
  const was = joined([...differing(pairsOf(origin.spec, catalog), pairsOf(after, catalog)), ...originPairs(origin.origin, origin.spec, catalog)]);
  return [["from", formatSetting(origin.step)], ...(was ? [["was", was] satisfies Pair] : [])];
}

const presetOf = (name: string | null, catalog: TrainCatalog): ReturnType<typeof openingOf> => catalog.train_presets.find((each) => each.name === name);

/** The query of a state, with its question mark. */
export function writePlace(place: Place, catalog: TrainCatalog): string {
  const preset = presetOf(place.preset, catalog) ?? openingOf(catalog);
  const usual = preset ? pairsOf(specOf(preset.request, catalog), catalog) : {};
  const pairs: Pair[] = preset ? [["preset", preset.name]] : [];
  pairs.push(...differing(pairsOf(place.spec, catalog), usual), ...originPairs(place.origin, place.spec, catalog));
  if (place.neuron) pairs.push(["neuron", `${formatSetting(place.neuron.layer)}:${formatSetting(place.neuron.unit + 1)}`]);
  if (place.sample !== null) pairs.push(["sample", formatSetting(place.sample + 1)]);
  if (!place.showTest) pairs.push(["test", "0"]);
  if (place.discretise) pairs.push(["discretise", "1"]);
  if (place.speed !== 1) pairs.push(["speed", formatSetting(place.speed)]);
  if (place.step !== null) pairs.push(["at", formatSetting(place.step)]);
  const isBehind = ([key, value]: Pair): boolean => key === "start" || value.length > LONG;
  const behind = pairs.filter(isBehind);
  return `?${joined(pairs.filter((pair) => !isBehind(pair)))}${behind.length > 0 ? `#${joined(behind)}` : ""}`;
}

const numberIn = (minimum: number, maximum = Infinity) => (text: string): number | undefined => {
  const value = Number(text);
  return text.trim() !== "" && value >= minimum && value <= maximum ? value : undefined;
};

const wholeIn = (minimum: number, maximum = Infinity) => (text: string): number | undefined => {
  const value = numberIn(minimum, maximum)(text);
  return Number.isInteger(value) ? value : undefined;
};

function dataIn(text: string): DataChoice | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    const isObject = typeof value === "object" && value !== null;
    return isObject && ["name", "table", "points"].some((key) => key in value) ? (value as DataChoice) : undefined;
  } catch {
    return undefined;
  }
}

function hiddenIn(text: string, names: readonly string[]): Spec["hidden"] | undefined {
  if (text === NONE) return [];
  const layers = text.split(",").map((each) => {
    const [units = "", activation = ""] = each.split(":");
    return { units: wholeIn(1)(units) ?? 0, activation };
  });
  return layers.every(({ units, activation }) => units > 0 && names.includes(activation)) ? layers : undefined;
}

function layerIn(text: string): { W: number[][]; b: number[] } | undefined {
  const rows = text.split(";").map((row) => row.split(",").map(Number));
  const b = rows.pop() ?? [];
  const isWhole = rows.length > 0 && b.length === rows.length && rows.every((row) => row.length === rows[0]?.length);
  return isWhole && [...rows, b].flat().every(Number.isFinite) ? { W: rows, b } : undefined;
}

function weightsIn(text: string, catalog: TrainCatalog): FirstWeights | undefined {
  const [scheme = "", seed = ""] = text.split(":");
  const number = wholeIn(0, MOST_SEED)(seed);
  if (catalog.initialisers.some(({ name }) => name === scheme)) return number === undefined ? undefined : { kind: "drawn", scheme, seed: number };
  const layers = text.split("|").map(layerIn);
  return layers.every((layer) => layer !== undefined) ? { kind: "given", layers } : undefined;
}

/** With what a criterion compares with, and whether the optimizer begins afresh. */
function fullStartIn(text: string): Start | undefined {
  const start = startIn(text);
  if (!start) return undefined;
  const { goal, afresh } = JSON.parse(text) as { goal?: unknown; afresh?: unknown };
  return { ...start, ...(typeof goal === "number" ? { goal } : {}), ...(afresh === true ? { afresh } : {}) };
}

function firstWeights(reader: Reader, usual: FirstWeights, catalog: TrainCatalog): FirstWeights {
  const weights = reader.read("w", (text) => weightsIn(text, catalog), usual, "weights, or an initialiser and its seed");
  const start = reader.read<Start | null>("start", fullStartIn, null, "a step with an optimizer's states");
  return weights.kind === "given" && start ? { ...weights, start } : weights;
}

function neuronIn(text: string): Neuron | undefined {
  const [layer = "", unit = ""] = text.split(":");
  const [l, u] = [wholeIn(1)(layer), wholeIn(1)(unit)];
  return l === undefined || u === undefined ? undefined : { layer: l, unit: u - 1 };
}

const epsilonIn = (text: string): { size: number | null } | undefined => {
  const size = text === OFF ? null : numberIn(Number.MIN_VALUE)(text);
  return size === undefined ? undefined : { size };
};

const oneOf = <T extends string>(names: readonly T[]) => (text: string): T | undefined => names.find((name) => name === text);
const yes = (text: string): boolean | undefined => (text === "1" ? true : text === "0" ? false : undefined);

class Reader {
  readonly problems: string[] = [];
  readonly query: URLSearchParams;

  constructor(address: string) {
    const [query = "", behind = ""] = address.split("#");
    this.query = new URLSearchParams(query);
    for (const [key, value] of new URLSearchParams(behind)) this.query.set(key, value);
  }

  read<T>(key: string, parse: (text: string) => T | undefined, otherwise: T, expected: string): T {
    const text = this.query.get(key);
    if (text === null) return otherwise;
    const value = parse(text);
    if (value === undefined) this.problems.push(`“${key}=${text.slice(0, 40)}” in the address isn't ${expected}, so it was left out.`);
    return value ?? otherwise;
  }
}

function specIn(reader: Reader, usual: Spec, catalog: TrainCatalog): Spec {
  const names = catalog.activations.map(({ name }) => name);
  const optional = (value: number | null): { size: number | null } => ({ size: value });
  return {
    data: reader.read("data", dataIn, usual.data, "data"),
    hidden: reader.read("net", (text) => hiddenIn(text, names), usual.hidden, "a list of layers, such as 8:tanh,4:relu"),
    output: reader.read("out", oneOf(names), usual.output, "an activation"),
    weights: firstWeights(reader, usual.weights, catalog),
    loss: reader.read("loss", oneOf(catalog.losses.map(({ name }) => name)), usual.loss, "a loss"),
    learning: reader.read("opt", (text) => readLearning(text, forNetworks(catalog)), usual.learning, "an optimizer with its numbers"),
    batch: reader.read("batch", (text) => (text === FULL ? optional(null) : wrapped(wholeIn(1)(text))), optional(usual.batch), "a number of samples, or “full”").size,
    shuffleSeed: reader.read("shuffle", wholeIn(0, MOST_SEED), usual.shuffleSeed, "a whole number"),
    epochs: reader.read("epochs", wholeIn(1), usual.epochs, "a number of epochs"),
    l1: reader.read("l1", numberIn(0), usual.l1, "a number of at least 0"),
    l2: reader.read("l2", numberIn(0), usual.l2, "a number of at least 0"),
    stop: {
      lossChange: reader.read("el", epsilonIn, optional(usual.stop.lossChange), "a number above 0, or “off”").size,
      gradientNorm: reader.read("eg", epsilonIn, optional(usual.stop.gradientNorm), "a number above 0, or “off”").size,
      require: reader.read("require", oneOf(["either", "both"] as const), usual.stop.require, "“either” or “both”"),
    },
  };
}

const wrapped = (size: number | undefined): { size: number | null } | undefined => (size === undefined ? undefined : { size });

function originIn(reader: Reader, after: Spec, catalog: TrainCatalog): Origin | null {
  const step = reader.read<number | null>("from", wholeIn(0), null, "a step");
  if (step === null) return null;
  const earlier = new Reader(reader.query.get("was") ?? "");
  const spec = specIn(earlier, after, catalog);
  const origin = { spec, step, origin: originIn(earlier, spec, catalog) };
  reader.problems.push(...earlier.problems);
  return origin;
}

/** The state that a query, with what stands behind its #, stands for. */
export function readPlace(address: string, catalog: TrainCatalog): { place: Place | null; problems: string[] } {
  const reader = new Reader(address);
  const opening = openingOf(catalog);
  if (!opening) return { place: null, problems: ["The catalogue has no data to train on."] };
  const preset = reader.read("preset", (name) => presetOf(name, catalog), opening, "a preset that there is");
  const spec = specIn(reader, specOf(preset.request, catalog), catalog);
  const place: Place = {
    spec,
    origin: originIn(reader, spec, catalog),
    preset: preset.name,
    step: reader.read<number | null>("at", wholeIn(0), null, "a step"),
    speed: reader.read("speed", (text) => SPEEDS.find((each) => formatSetting(each) === text), 1, "a speed that there is"),
    neuron: reader.read<Neuron | null>("neuron", neuronIn, null, "a layer and a unit, such as 1:3"),
    sample: reader.read("sample", wholeIn(1), 0, "the number of a sample") - 1,
    showTest: reader.read("test", yes, true, "0 or 1"),
    discretise: reader.read("discretise", yes, false, "0 or 1"),
  };
  if (place.sample === -1) place.sample = null;
  return { place, problems: reader.problems };
}
