/** What /descent sends and gets. */
import type { CatalogParameter } from "../api/types";

export type Point = readonly [number, number];
/** x₁ from–to, x₂ from–to. */
export type Window = readonly [readonly [number, number], readonly [number, number]];

export interface Optimum {
  kind: string;
  at: number[];
  value: number;
}

export interface Surface {
  name: string;
  title: string;
  latex: string;
  dimension: number;
  quadratic: boolean;
  view: number[][];
  start: number[];
  optima: Optimum[];
  source: string;
}

export interface Switch {
  name: string;
  title: string;
  default: boolean;
}

/** An optimizer, or a search along a direction: those take no numbers. */
export interface Method {
  name: string;
  title: string;
  latex: string;
  parameters: CatalogParameter[];
  switches: Switch[];
}

export interface Schedule {
  name: string;
  title: string;
  latex: string;
  parameters: CatalogParameter[];
}

export interface DescentCatalog {
  surfaces: Surface[];
  optimizers: Method[];
  searches: { name: string; title: string; latex: string }[];
  schedules: Schedule[];
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
}

export interface Field {
  x: number[];
  y: number[];
  shape: [number, number];
  values: Entry[];
}

export interface Curvature {
  value: Entry;
  gradient: Entry[];
  hessian: Entry[][];
  eigenvalues: Entry[];
  eigenvectors: Entry[][];
  stable_below: Entry;
  best_step: Entry;
  best_rate: Entry;
}
