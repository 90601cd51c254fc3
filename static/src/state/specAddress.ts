/** What is computed, as pairs of an address and back: only what differs from the preset is written. */
import type { Catalog, TraceStart } from "../api/types";
import { learningPair, rateIn, readLearning, startIn, withRate } from "../learning/address";
import { forNetworks, type Learning } from "../learning/learning";
import { formatSetting } from "../model/format";
import { conventionPairs, LECTURE, switchesOf, withChoice } from "./conventions";
import { finite, oneOf, positive, wholeNumber, type Pair, type Reader } from "./reader";
import { parseRows, rowsText } from "./rows";
import { drawOf, isTraining, objection, specOf, usualHidden, withData, type Draw, type Layers, type Spec, type Weights } from "./spec";
import { fits } from "./weights";

const NO_LOSS = "none";

function rows(text: string): number[][] | undefined {
  const parsed = parseRows(text, ";");
  return "rows" in parsed ? parsed.rows : undefined;
}

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

export function specPairs(spec: Spec, from: Spec, catalog: Catalog): Pair[] {
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
  const rate = reader.read("lr", (text) => rateIn(text, learning, catalog), undefined, "a learning rate above 0");
  return learning && rate !== undefined ? withRate(learning, rate) : learning;
}

export function readSpec(reader: Reader, catalog: Catalog): Spec | null {
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
