/**
 * The state as a query, and back: the only module that knows that form. Only what differs from the preset is written:
 * ?preset=mse_identity&sizes=5-7-4-3&act=tanh,tanh,identity&seed=2&lr=0.1&n=2&sample=1&at=17&pin=Z[1]@0:3
 * Another optimizer or schedule is opt=adam,beta1:0.8,schedule:cosine,period:15 (lr where only the rate differs), with l1 and l2.
 * Given weights, where a training is gone on with, and data that would make the query too long, stand behind a #
 * (they never go to the server): #w=W₁ rows/b₁~W₂ rows/b₂&start={"step":7,"state":{…}}, with numbers and rows as in x and y.
 * init and seed beside them draw what a change of sizes adds; #kept=… are the weights that drawn ones keep, fewer than there are.
 */
import type { Catalog, TraceStart } from "../api/types";
import { learningPair, readLearning, startIn, withRate } from "../learning/address";
import { forNetworks, type Learning } from "../learning/learning";
import { formatSetting, type Digits } from "../model/format";
import { conventionPairs, LECTURE, switchesOf, withChoice } from "./conventions";
import { exerciseText, parseExercise } from "./exercise";
import { lensPairs, readLenses } from "./lensAddress";
import { parseRows, rowsText } from "./rows";
import { drawOf, isTraining, objection, specOf, usualHidden, withData, type Draw, type Layers, type Spec, type Weights } from "./spec";
import { DIGITS, digitsOf, FIRST_VIEW, LENSES, MOST_PINS, REACHES, SPEEDS, WAYS, type Pin, type View } from "./view";
import { fits } from "./weights";

export interface Place {
  spec: Spec;
  view: View;
  /** The playhead; null where the address doesn't say. */
  at: number | null;
}

type Pair = [key: string, value: string];
/** Data of more characters stand behind the #. */
const LONG = 1500;
const BEHIND: readonly string[] = ["w", "kept", "start"];
const NO_LOSS = "none";

/** What a query may hold as it is keeps its looks: commas, brackets and @ stay readable. */
const readable = (text: string): string =>
  encodeURIComponent(text).replace(/%(2C|2F|3A|3B|40|5B|5D)/g, (code) => decodeURIComponent(code));

const weightsText = (layers: Layers): string => layers.map(({ W, b }) => `${rowsText(W, ";")}/${rowsText([b], ";")}`).join("~");

/** Layers as they are written; an empty matrix is an empty text. */
function layersIn(text: string): Layers | undefined {
  const some = (each: string | undefined): number[][] | undefined => (each === "" ? [] : rows(each ?? " "));
  const layers = text.split("~").map((layer) => {
    const [W, b] = layer.split("/").map(some);
    return W && b && b.length < 2 ? { W, b: b[0] ?? [] } : undefined;
  });
  return layers.every((layer) => layer !== undefined) ? layers : undefined;
}

/** Weights whose shapes are those of the sizes. */
function weightsIn(text: string, sizes: readonly number[]): Layers | undefined {
  const layers = layersIn(text);
  return layers && fits(layers, sizes) ? layers : undefined;
}

const NO_DRAW: Draw = { scheme: "", seed: NaN };
const ownDraw = (weights: Weights): Draw => (weights.kind === "drawn" ? weights : (weights.from ?? NO_DRAW));

function specPairs(spec: Spec, from: Spec, catalog: Catalog): Pair[] {
  const pairs: Pair[] = [["preset", spec.preset]];
  const write = (key: string, value: string, original: string): void => {
    if (value !== original) pairs.push([key, value]);
  };
  write("sizes", spec.sizes.join("-"), from.sizes.join("-"));
  write("act", spec.activations.join(","), from.activations.join(","));
  const [draw, original] = [ownDraw(spec.weights), ownDraw(from.weights)];
  if (draw !== NO_DRAW) write("init", draw.scheme, original.scheme);
  if (draw !== NO_DRAW) write("seed", formatSetting(draw.seed), formatSetting(original.seed));
  if (spec.weights.kind === "given") write("w", weightsText(spec.weights.layers), from.weights.kind === "given" ? weightsText(from.weights.layers) : "");
  else if (spec.weights.kept) write("kept", weightsText(spec.weights.kept), "");
  write("loss", spec.loss ?? NO_LOSS, from.loss ?? NO_LOSS);
  const learning = learningPair(spec.learning, from.learning, catalog);
  if (learning) pairs.push(learning);
  write("l1", formatSetting(spec.l1), formatSetting(from.l1));
  write("l2", formatSetting(spec.l2), formatSetting(from.l2));
  write("n", formatSetting(spec.iterations), formatSetting(from.iterations));
  write("precision", spec.precision, from.precision);
  pairs.push(...conventionPairs(spec.conventions));
  write("x", rowsText(spec.X, ";"), rowsText(from.X, ";"));
  write("y", rowsText(spec.Y ?? [], ";"), rowsText(from.Y ?? [], ";"));
  if (spec.start) write("start", JSON.stringify(spec.start), JSON.stringify(from.start));
  return pairs;
}

function viewPairs(view: View, usual: Digits, catalog: Catalog): Pair[] {
  const { lens, sample, speed, digits, pin, probe, exercise } = view;
  const pairs: Pair[] = [];
  if (lens !== FIRST_VIEW.lens) pairs.push(["lens", lens]);
  if (sample !== null) pairs.push(["sample", formatSetting(sample + 1)]);
  if (speed !== FIRST_VIEW.speed) pairs.push(["speed", formatSetting(speed)]);
  if (digits !== usual) pairs.push(["digits", formatSetting(digits)]);
  if (probe.z !== 0 || probe.y !== 0) pairs.push(["probe", `${formatSetting(probe.z)},${formatSetting(probe.y)}`]);
  if (pin) pairs.push(["pin", pinText(pin)]);
  if (exercise) pairs.push(["exercise", exerciseText(exercise)]);
  return [...pairs, ...followPairs(view), ...lensPairs(view, catalog)];
}

/** How the pinned number and the rows are followed. */
function followPairs({ trail, way, hops, row, without }: View): Pair[] {
  const pairs: Pair[] = [];
  if (trail.length > 0) pairs.push(["trail", trail.map(pinText).join(",")]);
  if (way !== FIRST_VIEW.way) pairs.push(["way", way]);
  if (hops !== FIRST_VIEW.hops) pairs.push(["hops", hops]);
  if (row !== null) pairs.push(["row", formatSetting(row + 1)]);
  if (without.length > 0) pairs.push(["without", without.map((sample) => formatSetting(sample + 1)).join(",")]);
  return pairs;
}

const pinText = ({ tensor, cell }: Pin): string => `${tensor}:${String(cell)}`;

/** The query of a state, with its question mark. */
export function writePlace({ spec, view, at }: Place, catalog: Catalog): string {
  const preset = catalog.presets.find(({ name }) => name === spec.preset);
  const pairs = [...specPairs(spec, preset ? specOf(preset, catalog) : spec, catalog), ...viewPairs(view, digitsOf(preset), catalog)];
  if (at !== null) pairs.push(["at", formatSetting(Math.round(at * 100) / 100)]);
  const text = (some: readonly Pair[]): string => some.map(([key, value]) => `${key}=${readable(value)}`).join("&");
  const isBehind = ([key, value]: Pair): boolean => BEHIND.includes(key) || value.length > LONG;
  const behind = pairs.filter(isBehind);
  return `?${text(pairs.filter((pair) => !isBehind(pair)))}${behind.length > 0 ? `#${text(behind)}` : ""}`;
}

/** Reads values one by one and remembers what couldn't be used. */
class Reader {
  readonly problems: string[] = [];
  readonly #query: URLSearchParams;

  constructor(query: string) {
    this.#query = new URLSearchParams(query);
  }

  read<T>(key: string, parse: (text: string) => T | undefined, otherwise: T, expected: string): T {
    const text = this.#query.get(key);
    if (text === null) return otherwise;
    const value = parse(text);
    if (value !== undefined) return value;
    this.problems.push(`“${key}=${shortened(text)}” in the address isn't ${expected}, so it was left out.`);
    return otherwise;
  }
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

function wholeNumber(least: number, most = Infinity): (text: string) => number | undefined {
  return (text) => (/^\d{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined);
}

function oneOf<T extends string>(names: readonly T[]): (text: string) => T | undefined {
  return (text) => names.find((name) => name === text);
}

function listed<T extends Digits>(values: readonly T[]): (text: string) => T | undefined {
  return (text) => values.find((value) => formatSetting(value) === text);
}

function finite(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) ? value : undefined;
}

function rows(text: string): number[][] | undefined {
  const parsed = parseRows(text, ";");
  return "rows" in parsed ? parsed.rows : undefined;
}

/** How weights are drawn, if the address or the preset says so. */
function readDraw(reader: Reader, spec: Spec, catalog: Catalog): Draw | null {
  const own = ownDraw(spec.weights);
  const scheme = reader.read("init", oneOf(catalog.initialisers.map(({ name }) => name)), own.scheme, "an initialiser");
  const seed = reader.read("seed", wholeNumber(0), own.seed, "a whole number");
  if (scheme === "" && Number.isNaN(seed)) return null;
  return { scheme: scheme || (catalog.initialisers[0]?.name ?? ""), seed: Number.isNaN(seed) ? 1 : seed };
}

function readWeights(reader: Reader, spec: Spec, catalog: Catalog): Weights {
  const draw = readDraw(reader, spec, catalog);
  const layers = reader.read<Layers | null>("w", (text) => weightsIn(text, spec.sizes), null, `weights of ${spec.sizes.join("-")}`);
  if (layers) return { kind: "given", layers, ...(draw && { from: draw }) };
  const kept = reader.read<Layers | null>("kept", layersIn, null, "weights to keep");
  return draw ? { kind: "drawn", ...draw, ...(kept && { kept }) } : spec.weights;
}

function readNetwork(reader: Reader, spec: Spec, catalog: Catalog): Spec {
  const most = catalog.limits["units"] ?? Infinity;
  const inputs = spec.sizes[0];
  const outputs = spec.sizes.at(-1);
  const parse = (text: string): number[] | undefined => {
    const sizes = text.split("-").map((each) => wholeNumber(1, most)(each) ?? NaN);
    const fits = sizes.length > 1 && sizes[0] === inputs && (spec.Y === null || sizes.at(-1) === outputs);
    return fits && !sizes.some(Number.isNaN) && sizes.length - 1 <= (catalog.limits["layers"] ?? Infinity) ? sizes : undefined;
  };
  const expected = `sizes from ${String(inputs)} inputs to ${String(outputs)} outputs, such as ${spec.sizes.join("-")}`;
  const sizes = reader.read("sizes", parse, [...spec.sizes], expected);
  const names = catalog.activations.map(({ name }) => name);
  const activationsFor = (text: string): string[] | undefined => {
    const list = text.split(",");
    return list.length === sizes.length - 1 && list.every((name) => names.includes(name)) ? list : undefined;
  };
  const activations = reader.read("act", activationsFor, matching(spec, sizes.length - 1, catalog), "one activation for each layer");
  const isResized = sizes.some((size, i) => size !== spec.sizes[i]) || sizes.length !== spec.sizes.length;
  return { ...spec, sizes, activations, weights: isResized ? { kind: "drawn", ...drawOf(spec.weights, catalog) } : spec.weights };
}

/** As many activations as layers: where their number changed, hidden ones like the first, the output's as it was. */
function matching({ activations }: Spec, layers: number, catalog: Catalog): string[] {
  if (activations.length === layers) return [...activations];
  const hidden = (activations.length > 1 ? activations[0] : undefined) ?? usualHidden(catalog);
  return [...new Array<string>(layers - 1).fill(hidden), activations.at(-1) ?? hidden];
}

function readLoss(reader: Reader, spec: Spec, catalog: Catalog): Spec {
  const names = [NO_LOSS, ...catalog.losses.map(({ name }) => name)];
  const name = reader.read("loss", oneOf(names), spec.loss ?? NO_LOSS, "a loss");
  const loss = name === NO_LOSS || spec.Y === null ? null : name;
  const next = { ...spec, loss };
  const output = spec.activations.at(-1) ?? "";
  if (objection(next, spec.sizes.length - 1, output, catalog) === null) return next;
  const legal = catalog.losses.find((each) => each.name === loss)?.outputs[0] ?? output;
  reader.problems.push(`${output} doesn't go with ${String(loss)}, so the output layer has ${legal} instead.`);
  return { ...next, activations: [...spec.activations.slice(0, -1), legal] };
}

function readConventions(reader: Reader, catalog: Catalog): Spec["conventions"] {
  return switchesOf(catalog).reduce((found, each) => {
    const { choices, key } = each;
    const name = reader.read(key, oneOf(choices.map(({ text }) => text)), choices[0]?.text ?? "", choices.map(({ text }) => text).join(" or "));
    const choice = choices.find(({ text }) => text === name);
    return choice ? withChoice(found, each, choice) : found;
  }, LECTURE);
}

function readOptimizer(reader: Reader, { learning: original }: Spec, catalog: Catalog): Learning | null {
  const learning = reader.read("opt", (text) => readLearning(text, forNetworks(catalog)), original, "an optimizer with its numbers");
  const rate = reader.read("lr", finite, undefined, "a learning rate");
  return learning && rate !== undefined ? withRate(learning, rate) : learning;
}

function readSpec(reader: Reader, catalog: Catalog): Spec | null {
  const first = catalog.presets[0];
  if (!first) return null;
  const names = catalog.presets.map(({ name }) => name);
  const name = reader.read("preset", oneOf(names), first.name, "a preset");
  const original = specOf(catalog.presets.find((each) => each.name === name) ?? first, catalog);
  const X = reader.read("x", rows, original.X, "rows of numbers");
  const Y = reader.read<number[][] | null>("y", rows, original.Y, "rows of numbers");
  const isPaired = Y === null || Y.length === X.length;
  if (!isPaired) reader.problems.push("X and Y in the address have different numbers of rows, so they were left out.");
  const data = isPaired ? withData(original, X, Y, catalog) : original;
  const network = readNetwork(reader, data, catalog);
  const weighted = { ...network, weights: readWeights(reader, network, catalog) };
  const spec = readLoss(reader, weighted, catalog);
  const iterations = reader.read("n", wholeNumber(1, catalog.limits["iterations"]), spec.iterations, "a number of iterations");
  const share = (text: string): number | undefined => positive(finite(text));
  return {
    ...spec,
    learning: readOptimizer(reader, spec, catalog),
    l1: reader.read("l1", share, spec.l1, "a number of at least 0"),
    l2: reader.read("l2", share, spec.l2, "a number of at least 0"),
    start: reader.read<TraceStart | null>("start", startIn, spec.start, "a step with an optimizer's states"),
    iterations: isTraining(spec) ? iterations : 1,
    precision: reader.read("precision", oneOf(catalog.precisions), spec.precision, "a precision"),
    conventions: readConventions(reader, catalog),
  };
}

function parseProbe(text: string): View["probe"] | undefined {
  const [z, y, ...more] = text.split(",").map(finite);
  return z !== undefined && (y === 0 || y === 1) && more.length === 0 ? { z, y } : undefined;
}

function parsePin(text: string): Pin | undefined {
  const match = /^([A-Za-z]\w*(?:\[\d+\])?@\d+):(\d+)$/.exec(text);
  return match?.[1] === undefined ? undefined : { tensor: match[1], cell: Number(match[2]) };
}

/** A list in which every entry can be read. */
function listOf<T>(parse: (text: string) => T | undefined, most: number): (text: string) => T[] | undefined {
  return (text) => {
    const all = text.split(",").map(parse);
    const found = all.filter((each) => each !== undefined);
    return found.length === all.length && found.length <= most ? found : undefined;
  };
}

/** How the pinned number and the rows are followed. */
function readFollowing(reader: Reader, samples: number): Pick<View, "trail" | "way" | "hops" | "row" | "without"> {
  const row = reader.read("row", wholeNumber(1, samples), 0, `a row from 1 to ${samples}`);
  const without = reader.read("without", listOf(wholeNumber(1, samples), samples), [], `samples from 1 to ${samples}`);
  return {
    trail: reader.read<readonly Pin[]>("trail", listOf(parsePin, MOST_PINS), [], "cells such as Z[1]@0:3,A[1]@0:3"),
    way: reader.read("way", oneOf(WAYS), FIRST_VIEW.way, `one of ${WAYS.join(", ")}`),
    hops: reader.read("hops", oneOf(REACHES), FIRST_VIEW.hops, `one of ${REACHES.join(", ")}`),
    row: row > 0 ? row - 1 : null,
    without: [...new Set(without)].sort((a, b) => a - b).map((sample) => sample - 1),
  };
}

/** The state that a query, with what stands behind its #, stands for. What can't be used falls back, with a sentence about it. */
export function readPlace(address: string, catalog: Catalog): { place: Place | null; problems: string[] } {
  const [query = "", behind = ""] = address.split("#");
  const reader = new Reader(`${query}&${behind}`);
  const spec = readSpec(reader, catalog);
  if (!spec) return { place: null, problems: ["The server has no presets."] };
  const sample = reader.read("sample", wholeNumber(1, spec.X.length), 0, `a sample from 1 to ${spec.X.length}`);
  const usual = digitsOf(catalog.presets.find(({ name }) => name === spec.preset));
  const view: View = {
    lens: reader.read("lens", oneOf(LENSES), FIRST_VIEW.lens, `one of ${LENSES.join(", ")}`),
    sample: sample > 0 ? sample - 1 : null,
    speed: reader.read("speed", listed(SPEEDS), FIRST_VIEW.speed, `a speed (${SPEEDS.join(", ")})`),
    digits: reader.read("digits", listed(DIGITS), usual, "a number of digits: 2 to 17, 4f, 2e to 17e, or fractions"),
    probe: reader.read("probe", parseProbe, FIRST_VIEW.probe, "a number and a target of 0 or 1"),
    pin: reader.read<View["pin"]>("pin", parsePin, null, "a cell such as Z[1]@0:3"),
    ...readFollowing(reader, spec.X.length),
    ...readLenses(reader, catalog),
    exercise: reader.read<View["exercise"]>("exercise", parseExercise, null, "an exercise such as 7.5.easy"),
  };
  const at = reader.read<number | null>("at", (text) => positive(finite(text)), null, "a step");
  return { place: { spec, view, at }, problems: reader.problems };
}

const positive = (value: number | undefined): number | undefined => (value !== undefined && value >= 0 ? value : undefined);
