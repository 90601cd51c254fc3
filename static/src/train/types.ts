/** What /train sends and gets. */
import type { Catalog, GivenLayer, Named, TraceStart } from "../api/types";
import type { DescentCatalog } from "../descent/types";

export type Task = "classification" | "regression";
export type Rows = readonly (readonly number[])[];

/** How the rows are parted and prepared, whatever they are. */
export interface Preparation {
  readonly test_share?: number;
  readonly split_seed?: number;
  readonly standardise?: boolean;
  readonly one_hot?: boolean;
  /** What the network gets in the place of two inputs; left out: these themselves. */
  readonly features?: readonly string[] | undefined;
}

export interface Table {
  readonly text: string;
  readonly header?: boolean | null;
  readonly target?: string | number | null;
  readonly task?: Task | null;
}

export type Points = { readonly X: Rows; readonly labels: readonly number[] } | { readonly X: Rows; readonly Y: Rows };

export interface NamedData extends Preparation {
  readonly name: string;
  readonly samples?: number;
  readonly noise?: number;
  readonly seed?: number;
}
export type TableData = Preparation & { readonly table: Table };
export type PointsData = Preparation & { readonly points: Points };
/** What stands for data in a request: a set of the catalogue, a table as text, or points drawn by hand. */
export type DataChoice = NamedData | TableData | PointsData;

/** A data set as /api/dataset gives it. */
export interface DataSetAnswer {
  name: string;
  title: string;
  task: Task;
  features: string[];
  targets: string[];
  /** What the network gets. */
  X: number[][];
  /** Before standardising; null: as X. */
  raw: number[][] | null;
  /** Two inputs as they were before features were made of them; null: none were. */
  measured: { features: string[]; X: number[][] } | null;
  Y: number[][];
  labels: number[] | null;
  classes: string[] | null;
  train: number[];
  test: number[];
  mean: number[] | null;
  std: number[] | null;
  image_shape: [number, number] | null;
  source: string;
}

export interface CatalogData {
  name: string;
  title: string;
  description: string;
  task: Task;
  samples: number;
  noise: number;
  test_share: number;
  standardise: boolean;
  /** The numbers that may be chosen: samples, noise, seed. */
  takes: string[];
  fewest: number;
  most: number;
  /** Layers that suit it, inputs first. */
  sizes: number[];
  source: string;
}

/** A function of two inputs that a network can get; the usual ones it gets where none is chosen. */
export interface CatalogFeature {
  name: string;
  title: string;
  latex: string;
  usual: boolean;
}

/** Where to begin: a body for /api/train with a sentence on what to watch. */
export interface TrainPreset {
  name: string;
  title: string;
  group: string;
  watch: string;
  request: TrainRequest;
}

export interface TrainCatalog extends DescentCatalog, Catalog {
  data_sets: CatalogData[];
  features: CatalogFeature[];
  train_presets: TrainPreset[];
}

export interface StopRequest {
  readonly loss_change?: number | null;
  readonly gradient_norm?: number | null;
  readonly require?: "either" | "both";
}

/** The body of /api/train. */
export interface TrainRequest {
  data: DataChoice;
  network: { layers: readonly GivenLayer[] } | { sizes: readonly number[]; activations: readonly string[]; init: { scheme: string; seed: number } };
  loss: string;
  optimizer: Named;
  schedule?: Named;
  batch_size?: number | null;
  shuffle_seed?: number;
  epochs?: number;
  /** Ends it before all epochs are done. */
  steps?: number | null;
  penalty?: { l1?: number; l2?: number };
  stop?: StopRequest | null;
  rows_every?: number | null;
  snapshots_every?: number | null;
  live?: boolean;
  from?: Snapshot | null;
}

export interface Started {
  samples: { train: number; test: number };
  batch_size: number;
  steps_per_epoch: number;
  steps: number;
  parameters: number;
  layers: { units: number; activation: string }[];
}

/** The run after `step` steps, measured on all training and all test samples. */
export interface Row {
  step: number;
  epoch: number;
  loss: number;
  penalty: number;
  test_loss: number | null;
  accuracy: number | null;
  test_accuracy: number | null;
  learning_rate: number | null;
  /** One a layer. */
  gradient_norm: number[];
  /** Shares of the units, one a hidden layer. */
  saturated: number[];
  dead: number[];
  seconds: number | null;
}

export interface Weights {
  W: number[][];
  b: number[];
}

/** Everything that going on from `step` needs. */
export interface Snapshot extends TraceStart {
  layers: Weights[];
  /** Loss and penalty at the last epoch's end, which a criterion compares with. */
  goal?: number | null;
  /** Sent where another optimizer goes on from here: it starts with states of its own. */
  afresh?: boolean;
}

export interface Ended {
  reason: string;
  step: number;
  message: string;
  cell: unknown;
  seconds: number;
}

export type TrainEvent =
  | { kind: "start"; data: Started }
  | { kind: "row"; data: Row }
  | { kind: "snapshot"; data: Snapshot }
  | { kind: "end"; data: Ended }
  | { kind: "error"; data: { error: { message: string } } };

export type RunStatus = "running" | "paused" | "ended" | "failed";
