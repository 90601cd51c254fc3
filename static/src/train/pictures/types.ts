/** What the pictures draw. They know neither the wire nor the state; the server's answers fit as they are. */
import type { Window } from "../../descent/types";

export type { Window };

/** The answer of /api/dataset. */
export interface PictureData {
  readonly task: "classification" | "regression";
  readonly features: readonly string[];
  readonly targets: readonly string[];
  /** What the network gets; `raw` is what it was before it was standardised, `measured` before features were made of it. */
  readonly X: readonly (readonly number[])[];
  readonly raw: readonly (readonly number[])[] | null;
  readonly measured: { readonly features: readonly string[]; readonly X: readonly (readonly number[])[] } | null;
  readonly Y: readonly (readonly number[])[];
  readonly labels: readonly number[] | null;
  readonly classes: readonly string[] | null;
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly image_shape: readonly number[] | null;
}

export interface LayerNumbers {
  readonly W: readonly (readonly number[])[];
  readonly b: readonly number[];
}

/** The answer of /api/predictions: the network on every row of the data. */
export interface Predictions {
  /** Left out for images: only the shown one's are needed. */
  readonly outputs: readonly (readonly number[])[] | null;
  readonly predicted: readonly number[] | null;
  readonly correct: readonly boolean[] | null;
  readonly losses: readonly (number | null)[];
  readonly loss: number | null;
  readonly test_loss: number | null;
  /** Rows are the true classes, columns the predicted ones. */
  readonly confusion: readonly (readonly number[])[] | null;
  readonly test_confusion: readonly (readonly number[])[] | null;
  /** Training rows in a drawn order, and the mean loss of the first n of them, n = 1, 2, … */
  readonly sampling: { readonly order: readonly number[]; readonly means: readonly (number | null)[] };
}

/** Values on a grid, row by row, the lowest row first. */
export interface Sheet {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** A network as functions of two inputs. */
export interface Regions {
  readonly view: Window;
  /** One an output unit. */
  readonly outputs: readonly Sheet[];
  /** Hidden layers' units, from layer 1. */
  readonly hidden: readonly (readonly Sheet[])[];
  /** What the network gets, before it is standardised. */
  readonly inputs: readonly Sheet[];
}

export type Ramp = Uint32Array;

/** What a neuron shows: a function of two inputs, of one, an image of its weights, or one number. */
export type Face =
  | { kind: "sheet"; sheet: Sheet; ramp: Ramp; low: number; high: number }
  | { kind: "curve"; values: readonly number[]; low: number; high: number }
  | { kind: "value"; value: number | null; scale: number };

/** A weight by the unit it comes from, or the bias where that is null. */
export interface NumberPlace {
  readonly layer: number;
  readonly unit: number;
  readonly from: number | null;
}

export interface NeuronPlace {
  layer: number;
  unit: number;
}
