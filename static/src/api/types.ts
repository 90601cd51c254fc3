/** What goes over the wire; the trace itself is in model/trace.ts. */
export type * from "../model/trace";

export type Rows = number[][];

export interface GivenLayer {
  W: Rows;
  b: number[];
  activation: string;
}

export interface DrawnNetwork {
  sizes: number[];
  activations: string[];
  init: { scheme: string; seed: number };
}

/** Something of the catalogue with its numbers and switches. */
export interface Named {
  readonly name: string;
  readonly [number: string]: number | boolean | string | null | undefined;
}

type State = number | readonly number[] | readonly (readonly number[])[];

/** Where a trace begins: after so many steps, with the optimizer's states by name, as a snapshot has them. */
export interface TraceStart {
  readonly step: number;
  readonly state: Readonly<Record<string, State>>;
}

export interface TraceRequest {
  network: { layers: GivenLayer[] } | DrawnNetwork;
  loss?: string | null;
  X: Rows;
  Y?: Rows | null;
  optimizer?: Named | null;
  schedule?: Named;
  penalty?: { l1: number; l2: number };
  start?: TraceStart | null;
  iterations?: number;
  precision?: string;
  conventions?: ConventionsChoice;
}

/** What is left out is the lecture's. */
export interface ConventionsChoice {
  layout?: string;
  half?: boolean;
  reduction?: string;
}

interface CatalogChoice {
  title: string;
  latex: string;
  description: string;
}

export interface CatalogConventions {
  layouts: (CatalogChoice & { name: string })[];
  /** With and without ½, and the losses that it makes a difference to. */
  halves: (CatalogChoice & { value: boolean; losses: string[] })[];
  reductions: (CatalogChoice & { name: string })[];
  given: string;
}

/** An experiment as programs of their own. */
export interface CodeAnswer {
  scripts: { language: string; title: string; filename: string; text: string }[];
}

export interface CatalogActivation {
  name: string;
  title: string;
  latex: string;
  slope_latex: string | null;
  elementwise: boolean;
}

export interface CatalogLoss {
  name: string;
  title: string;
  latex: string;
  /** The output activations that it goes with. */
  outputs: string[];
  targets: string;
}

export interface CatalogPreset {
  name: string;
  title: string;
  group: string;
  description: string;
  watch: string;
  request: TraceRequest;
  /** How many decimals to show; none: significant digits. */
  decimals?: number | null;
}

export interface CatalogParameter {
  name: string;
  title: string;
  latex: string;
  default: number;
  minimum: number | null;
  /** The maximum itself is too much. */
  maximum: number | null;
  /** The minimum itself is too little. */
  open_below: boolean;
}

export interface CatalogSwitch {
  name: string;
  title: string;
  default: boolean;
}

export interface CatalogSchedule {
  name: string;
  title: string;
  latex: string;
  parameters: CatalogParameter[];
}

export interface CatalogOptimizer extends CatalogSchedule {
  switches: CatalogSwitch[];
}

export interface Catalog {
  activations: CatalogActivation[];
  losses: CatalogLoss[];
  optimizers: CatalogOptimizer[];
  schedules: CatalogSchedule[];
  initialisers: { name: string; title: string; description: string }[];
  precisions: string[];
  conventions: CatalogConventions;
  presets: CatalogPreset[];
  glossary: Record<string, string>;
  notes: Record<string, string>;
  limits: Record<string, number>;
}

export interface Verdict {
  cell: number;
  verdict: "right" | "slip" | "near" | "wrong";
  sentence: string;
  slips: { name: string; sentence: string; latex: string }[];
}

export interface AnswerCheck {
  tensor: string;
  answers: Verdict[];
}
