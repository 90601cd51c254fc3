/** What is computed: a surface, a start, the runs and when they stop. Names come from the catalogue alone. */
import type { CatalogParameter } from "../api/types";
import type { DescentCatalog, Method, Point, Schedule, Surface, SurfaceChoice } from "./types";

export const MOST_RUNS = 8;
/** More points than this say nothing in a picture. */
export const MOST_ITERATIONS = 5000;
export const LETTERS = "ABCDEFGH";
/** Of the lines, in pixels: colour is never alone. */
export const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4], [4, 2], [9, 2, 2, 2, 2, 2], [1, 2]];

type Numbers = Readonly<Record<string, number>>;

export interface Run {
  method: string;
  numbers: Numbers;
  switches: Readonly<Record<string, boolean>>;
  schedule: string;
  scheduleNumbers: Numbers;
}

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

export function methodsOf({ optimizers, searches }: DescentCatalog): Method[] {
  return [...optimizers, ...searches.map((search) => ({ ...search, parameters: [], switches: [] }))];
}

export const methodOf = (catalog: DescentCatalog, name: string): Method | undefined =>
  methodsOf(catalog).find((each) => each.name === name);

export const scheduleOf = (catalog: DescentCatalog, name: string): Schedule | undefined =>
  catalog.schedules.find((each) => each.name === name);

export const surfaceOf = (catalog: DescentCatalog, name: string): Surface | undefined =>
  catalog.surfaces.find((each) => each.name === name);

/** The same text for the same surface. */
export const keyOf = (choice: SurfaceChoice): string => JSON.stringify(choice);

/** How the variables are called: x alone, or x₁ and x₂. */
export const variablesOf = (dimension: number): readonly string[] => (dimension === 1 ? ["x"] : ["x₁", "x₂"]);

/** How the size of the slope is written: a gradient's norm, or of one variable a derivative's size. */
export const slopeSize = (dimension: number): string => (dimension === 1 ? "|f′|" : "‖∇f‖");

const defaults = (parameters: readonly CatalogParameter[]): Numbers =>
  Object.fromEntries(parameters.map((each) => [each.name, each.default]));

/** A run with the catalogue's numbers, but for those that are given. */
export function runOf(catalog: DescentCatalog, method: string, numbers: Numbers = {}, schedule?: string, scheduleNumbers: Numbers = {}): Run {
  const found = methodOf(catalog, method);
  const chosen = scheduleOf(catalog, schedule ?? "") ?? catalog.schedules[0];
  return {
    method,
    numbers: { ...defaults(found?.parameters ?? []), ...numbers },
    switches: Object.fromEntries((found?.switches ?? []).map((each) => [each.name, each.default])),
    schedule: chosen?.name ?? "",
    scheduleNumbers: { ...defaults(chosen?.parameters ?? []), ...scheduleNumbers },
  };
}

/** The body of a request for one run's path. */
export function requestOf({ surface, start, direction, stop }: Setup, run: Run): unknown {
  return {
    surface,
    start,
    optimizer: { name: run.method, ...run.numbers, ...run.switches },
    schedule: { name: run.schedule, ...run.scheduleNumbers },
    direction,
    stop: {
      max_iterations: stop.most,
      value_change: stop.valueChange,
      gradient_norm: stop.gradientNorm,
      require: stop.require,
    },
  };
}

const NOTATION: Readonly<Record<string, string>> = {
  theta_next: "\\theta^{k+1}",
  theta: "\\theta^{k}",
  dtheta: "g^{k}",
  eta: "\\eta_k",
  eta0: "\\eta_0",
  mu: "\\mu",
  v_next: "v^{k+1}",
  share: "(1 - \\tau)",
  epsilon: "\\varepsilon",
  gamma: "\\gamma",
  period: "T",
  lowest: "\\eta_{\\min}",
};

/** A formula as it is written for so many variables: of one, x stands for θ and f′ for the gradient. */
export function named(latex: string, dimension: number): string {
  if (dimension !== 1) return latex;
  return latex.replaceAll("\\|\\nabla f(\\theta^{k})\\|", "|f'(x^{k})|").replaceAll("\\nabla f", "f'").replaceAll("\\theta", "x");
}

/** The catalogue's equation in the notation of this page. */
export function notation(latex: string, dimension = 2): string {
  const found = latex.replace(/\\[A-Za-z]+|[A-Za-z]+\d*(?:_next)?/g, (word) => NOTATION[word] ?? word);
  return named(dimension === 1 ? found.replaceAll("g^{k}", "\\nabla f(\\theta^{k})") : found, dimension);
}
