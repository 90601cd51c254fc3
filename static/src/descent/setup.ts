/** What is computed: a surface, a start, the runs and when they stop. Names come from the catalogue alone. */
import { requestOf as learningRequest, type Learning } from "../learning/learning";
import type { DescentCatalog, Point, Surface, SurfaceChoice } from "./types";

export const MOST_RUNS = 8;
/** More points than this say nothing in a picture. */
export const MOST_ITERATIONS = 5000;
export const LETTERS = "ABCDEFGH";
/** Of the lines, in pixels: colour is never alone. */
export const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4], [4, 2], [9, 2, 2, 2, 2, 2], [1, 2]];

export type Run = Learning;

export interface StopRule {
  most: number;
  /** ε₁ on |Δf|; null: not asked for. */
  valueChange: number | null;
  /** ε₂ on ‖∇f‖; null: not asked for. */
  gradientNorm: number | null;
  require: "either" | "both";
}

export type Direction = "descend" | "ascend";

export interface Setup {
  surface: SurfaceChoice;
  start: Point;
  runs: readonly Run[];
  direction: Direction;
  stop: StopRule;
}

export const surfaceOf = (catalog: DescentCatalog, name: string): Surface | undefined =>
  catalog.surfaces.find((each) => each.name === name);

/** The same text for the same surface. */
export const keyOf = (choice: SurfaceChoice): string => JSON.stringify(choice);

/** How the variables are called: x alone, or x₁ and x₂. */
export const variablesOf = (dimension: number): readonly string[] => (dimension === 1 ? ["x"] : ["x₁", "x₂"]);

/** How the size of the slope is written: a gradient's norm, or of one variable a derivative's size. */
export const slopeSize = (dimension: number): string => (dimension === 1 ? "|f′|" : "‖∇f‖");

/** The body of a request for one run's path. */
export function requestOf({ surface, start, direction, stop }: Setup, run: Run): unknown {
  return {
    surface,
    start,
    ...learningRequest(run),
    direction,
    stop: {
      max_iterations: stop.most,
      value_change: stop.valueChange,
      gradient_norm: stop.gradientNorm,
      require: stop.require,
    },
  };
}
