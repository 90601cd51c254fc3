/** What the views draw. They know neither the wire nor the state: a tensor of the trace fits `TensorData` as it is. */
import type { FractionText } from "../model/format";

export type Mark =
  | "selected"
  | "operand-forward"
  | "operand-backward"
  | "fed"
  | "pinned"
  | "changed"
  /** More than one hop away from the pinned number. */
  | "far-forward"
  | "far-backward"
  | "far-fed";

/** What is known of a tensor before its numbers are. */
export interface Ghost {
  symbol: string;
  title: string;
  latex: string;
  axes: readonly string[];
  shape: readonly number[];
}

export interface Unbounded {
  cell: number;
  sign: number;
}

export interface TensorData extends Ghost {
  data: readonly (number | null)[];
  unbounded?: readonly Unbounded[] | null | undefined;
}

/** Rows are samples, columns are units. */
export interface Grid {
  rows: number;
  columns: number;
  data: ArrayLike<number | null>;
}

export type Motion = {
  kind: "forward" | "backward" | "gradient" | "update" | "activate" | "loss";
  /** Forward, activate, loss: the layer whose neurons are made. Backward, gradient, update: the layer whose edges carry it. */
  layer: number;
  /** 0…1 */
  progress: number;
  /** One an edge of `layer`, (out × in): w·a or w·dZ; for its gradient, dW. */
  strengths: Float64Array | null;
  /**
   * The numbers that change, flat. Update: W of `layer` (out × in). Otherwise the cells of the neurons that
   * receive (samples × units); left out, they are hollow before and `activations` / `gradients` after.
   */
  before?: Float64Array | undefined;
  after?: Float64Array | undefined;
};

export type NeuronTarget = { kind: "neuron"; layer: number; unit: number };
export type EdgeTarget = { kind: "edge"; layer: number; out: number; in: number };
export type Target = NeuronTarget | EdgeTarget;

export interface NetworkMarks {
  /** "layer:unit" */
  neurons: ReadonlyMap<string, Mark>;
  /** "layer:out:in" */
  edges: ReadonlyMap<string, Mark>;
  /** A word at a neuron, by "layer:unit". */
  notes?: ReadonlyMap<string, string> | undefined;
}

/** The path of the pinned number on the network: what isn't on it steps back. */
export type NetworkPath = NetworkMarks;

export interface LayerLabel {
  size: number;
  /** Such as "hidden 7 · tanh"; what follows the dot stands on a second line. */
  title: string;
  /** How few and how many units it may have. */
  minimum?: number;
  maximum?: number;
}

/** What a neuron shows: one value, or one a sample; none: not computed yet. */
export interface Content {
  values: readonly (number | null)[];
  scale: number;
}

/** How a view that draws single numbers speaks of a tensor's cell. */
export interface Naming {
  /** "Z[1], sample 2, unit 3" */
  nameOf(tensor: string, cell: number): string;
  /** As short as a tile is wide: "W 2,3" */
  captionOf(tensor: string, cell: number): string;
  scaleOf(tensor: string): number;
  fractionOf(tensor: string, cell: number): FractionText;
}

export type VerdictName = "right" | "slip" | "near" | "wrong" | "revealed";

/** A verdict as a sign and a word: colour only adds to them. */
export const VERDICTS: Readonly<Record<VerdictName, { icon: string; word: string }>> = {
  right: { icon: "✓", word: "Right" },
  slip: { icon: "✕", word: "A slip" },
  near: { icon: "≈", word: "Near" },
  wrong: { icon: "✕", word: "Not right" },
  revealed: { icon: "○", word: "Revealed" },
};

/** A cell of a matrix to fill in. */
export interface Field {
  text: string;
  verdict: VerdictName | null;
  /** Right or revealed: the number stands in its cell. */
  isSettled: boolean;
  /** Why the text can't be read. */
  problem: string;
  /** The id of the sentence about it, if there is one. */
  note: string;
}
