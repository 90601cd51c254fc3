/** What the network view draws at a moment, from the trace. */
import { currentVersion, type Timeline } from "../model/timeline";
import { hasSamples, inDrawingOrder } from "../model/axes";
import { layerOfAxis, type Step, type Tensor, type Trace } from "../model/trace";
import { versionBefore } from "./names";
import type { Grid, Motion } from "../views/types";

export interface Picture {
  weights: (Float64Array | null)[];
  biases: (Float64Array | null)[];
  activations: (Grid | null)[];
  gradients: (Grid | null)[];
  target: Grid | null;
}

type Versions = ReadonlyMap<string, readonly string[]>;

/** In the drawing's order, whatever the layout. */
export const numbersOf = (tensor: Tensor | undefined): Float64Array | null =>
  tensor ? Float64Array.from(inDrawingOrder(tensor).data, (value) => value ?? NaN) : null;

const gridOf = (tensor: Tensor | undefined): Grid | null => (tensor?.shape.length === 2 ? inDrawingOrder(tensor) : null);

/** The latest weights; of this iteration, the activations (or, before them, the pre-activations) and gradients there are. */
export function pictureAt(trace: Trace, timeline: Timeline, versions: Versions, layers: number, iteration: number, done: number): Picture {
  const latest = (name: string): Tensor | undefined => trace.tensors[currentVersion(timeline, versions.get(name), done) ?? ""];
  const here = (name: string): Tensor | undefined => {
    const id = `${name}@${iteration}`;
    const producer = timeline.producers.get(id);
    return producer !== undefined && producer < done ? trace.tensors[id] : undefined;
  };
  const each = <T>(make: (layer: number) => T): T[] => Array.from({ length: layers }, (_, index) => make(index + 1));
  return {
    weights: each((layer) => numbersOf(latest(`W[${layer}]`))),
    biases: each((layer) => numbersOf(latest(`b[${layer}]`))),
    activations: [
      gridOf(trace.tensors["A[0]@0"]),
      ...each((layer) => gridOf(here(`A[${layer}]`) ?? here(`Z[${layer}]`))),
    ],
    gradients: each((layer) => gridOf(here(`dZ[${layer}]`))),
    target: gridOf(trace.tensors["Y@0"]),
  };
}

type Pass = Pick<Motion, "kind" | "layer" | "strengths" | "before" | "after">;

/** One edge's share in a pass: its weight times what runs along it, averaged over the samples. A size to draw, no result. */
function edgeStrengths(weights: Tensor, carried: Tensor, end: "in" | "out", sample: number | null): Float64Array {
  const { rows: outs, columns: ins, data: factors } = inDrawingOrder(weights);
  const { rows, columns, data } = inDrawingOrder(carried);
  const strengths = new Float64Array(outs * ins);
  const samples = sample === null ? Array.from({ length: rows }, (_, row) => row) : [sample];
  for (let edge = 0; edge < strengths.length; edge++) {
    const unit = end === "in" ? edge % ins : Math.floor(edge / ins);
    const total = samples.reduce((sum, row) => sum + Math.abs(data[row * columns + unit] ?? 0), 0);
    strengths[edge] = ((factors[edge] ?? 0) * total) / (samples.length || 1);
  }
  return strengths;
}

const linksLayers = (tensor: Tensor | undefined): tensor is Tensor =>
  tensor?.axes.length === 2 && tensor.axes.every((axis) => layerOfAxis(axis) !== null);

/** What is made of the edges stays to be seen when its step is done. */
export const isHeld = (pass: Pass | null): boolean => pass?.kind === "gradient" || pass?.kind === "update";

/** What a step moves, without how far it is. */
export function passOf(trace: Trace, step: Step | null): Pass | null {
  const result = step ? trace.tensors[step.result] : undefined;
  if (!step || !result) return null;
  const operands = Object.values(step.operands).map((id) => trace.tensors[id]);
  const weights = operands.find(linksLayers);
  const after = numbersOf(result) ?? undefined;
  if (step.phase === "loss") return { kind: "loss", layer: operands.find((each) => typeof each?.layer === "number")?.layer ?? 0, strengths: null };
  if (step.phase === "update") {
    if (!linksLayers(result)) return null;
    if (result.symbol !== "W") return { kind: "gradient", layer: result.layer ?? 1, strengths: numbersOf(result) };
    const before = numbersOf(trace.tensors[versionBefore(step.result)]) ?? undefined;
    return { kind: "update", layer: result.layer ?? 1, strengths: null, before, after };
  }
  const carried = operands.find((each) => each && hasSamples(each));
  if (step.phase === "backward" && linksLayers(result)) {
    return { kind: "gradient", layer: result.layer ?? 1, strengths: numbersOf(result) };
  }
  if (weights && carried) {
    const isBackward = step.phase === "backward";
    const strengths = edgeStrengths(weights, carried, isBackward ? "out" : "in", null);
    return { kind: isBackward ? "backward" : "forward", layer: weights.layer ?? 1, strengths, ...(isBackward ? {} : { after }) };
  }
  if (step.phase === "forward") {
    return { kind: "activate", layer: result.layer ?? 0, strengths: null, before: numbersOf(operands[0]) ?? undefined, after };
  }
  return null;
}
