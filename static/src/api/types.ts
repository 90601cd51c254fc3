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

export interface TraceRequest {
  network: { layers: GivenLayer[] } | DrawnNetwork;
  loss?: string | null;
  X: Rows;
  Y?: Rows | null;
  optimizer?: { name: string; learning_rate: number } | null;
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
  maximum: number | null;
}

export interface Catalog {
  activations: CatalogActivation[];
  losses: CatalogLoss[];
  optimizers: { name: string; title: string; latex: string; parameters: CatalogParameter[] }[];
  initialisers: { name: string; title: string; description: string }[];
  precisions: string[];
  conventions: CatalogConventions;
  presets: CatalogPreset[];
  glossary: Record<string, string>;
  limits: Record<string, number>;
}
