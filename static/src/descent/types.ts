/** What /descent sends and gets. */
import type { CatalogOptimizer, CatalogSchedule } from "../api/types";
import type { Equation, Step, Tensor } from "../model/trace";

/** One number a variable. */
export type Point = readonly number[];
export type Range = readonly [number, number];
/** From–to, a side a variable. */
export type Window = readonly Range[];

/** What stands for a surface in a request: one of the catalogue, a formula, or the matrix H of ½ xᵀHx. */
export type SurfaceChoice = { readonly name: string } | { readonly expression: string } | { readonly matrix: readonly (readonly number[])[] };

export interface Optimum {
  kind: string;
  at: number[];
  value: number;
}

export interface Surface {
  name: string;
  title: string;
  latex: string;
  /** The same as it can be typed. */
  expression: string | null;
  dimension: number;
  quadratic: boolean;
  view: number[][];
  start: number[];
  optima: Optimum[];
  source: string;
}

/** A surface with its derivatives, as /api/surface gives it. */
export interface DescribedSurface extends Surface {
  gradient_latex: string[];
  hessian_latex: string[][];
}

/** Where to begin: what is computed, with a sentence on what to watch. */
export interface DescentPreset {
  name: string;
  title: string;
  group: string;
  watch: string;
  surface: SurfaceChoice;
  start: number[];
  direction: "descend" | "ascend";
  stop: { max_iterations: number; value_change: number | null; gradient_norm: number | null; require: "either" | "both" };
  runs: { optimizer: { name: string }; schedule: { name: string } }[];
  view: "plane" | "line" | "relief";
  /** What the plot shows; null: the surface's own view. */
  window: [number, number][] | null;
  /** Where the playhead stands; null: it plays. */
  at: number | null;
}

export interface DescentCatalog {
  surfaces: Surface[];
  optimizers: CatalogOptimizer[];
  searches: { name: string; title: string; latex: string }[];
  schedules: CatalogSchedule[];
  descent_presets: DescentPreset[];
  limits: Record<string, number>;
}

export type Ending = "value_change" | "gradient_norm" | "max_iterations" | "diverged" | "stationary";
type Entry = number | null;

/** One entry a point (k = 0 … K), except `step_size`: one a step. */
export interface Path {
  stopped_by: Ending;
  iterations: number;
  theta: Entry[][];
  value: Entry[];
  gradient: Entry[][];
  gradient_norm: Entry[];
  step_size: Entry[];
  quantities?: Quantities | null;
}

/** Every number of every step taken; ids are those of iteration 0, a column has one entry a step. */
export interface Quantities {
  equations: Readonly<Record<string, Equation>>;
  steps: readonly Step[];
  /** Each step as finished LaTeX. */
  lines: readonly { title: string; latex: string }[];
  tensors: Readonly<Record<string, Omit<Tensor, "data">>>;
  constants: Readonly<Record<string, number[]>>;
  columns: Readonly<Record<string, (number | number[])[]>>;
}

export interface Field {
  x: number[];
  /** null: a function of one variable. */
  y: number[] | null;
  shape: number[];
  values: Entry[];
}

export interface Curvature {
  value: Entry;
  gradient: Entry[];
  hessian: Entry[][];
  eigenvalues: Entry[];
  eigenvectors: Entry[][];
  monotone_below: Entry;
  stable_below: Entry;
  best_step: Entry;
  best_rate: Entry;
}

/** How each learning rate's path ended: one entry a rate. */
export interface Sweep {
  learning_rates: number[];
  iterations: number[];
  stopped_by: Ending[];
  value: Entry[];
}

/** A path's error along the eigenvectors of the Hessian: an entry a point, rates an entry a step. */
export interface Modes {
  center: number[];
  eigenvalues: number[];
  eigenvectors: number[][];
  coordinates: Entry[][];
  factors: Entry[] | null;
  predicted: Entry[][] | null;
  predicted_rate: Entry;
  error: Entry[];
  measured_rate: Entry[];
  value_ratio: Entry[];
}
