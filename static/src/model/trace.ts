/** A trace as the server sends it: every number of one computation, and the steps that made them. */
export const PHASES = ["forward", "loss", "backward", "update"] as const;
export type Phase = (typeof PHASES)[number];

export type Formula = string | number | readonly Formula[];

export interface Equation {
  title: string;
  latex: string;
  /** Which operand cells one result cell reads: "sk,ok,o->so". */
  reads: string;
  roles: readonly string[];
  cell: Formula;
}

export interface Tensor {
  symbol: string;
  title: string;
  latex: string;
  layer: number | null;
  iteration: number;
  /** "samples" or "units[l]" */
  axes: readonly string[];
  shape: readonly number[];
  /** Flat, row-major; null only where `unbounded` says so. */
  data: readonly (number | null)[];
  unbounded?: readonly { cell: number; sign: number }[] | null | undefined;
}

export interface Step {
  phase: Phase;
  equation: string;
  operands: Readonly<Record<string, string>>;
  result: string;
}

export interface Divergence {
  step: number;
  tensor: string;
  cell: readonly number[];
  value: string;
  message: string;
}

export interface Trace {
  outcome: "complete" | "diverged";
  diverged: Divergence | null;
  equations: Readonly<Record<string, Equation>>;
  tensors: Readonly<Record<string, Tensor>>;
  steps: readonly Step[];
}

/** A cell's number; ±Infinity where the tensor is unbounded. */
export function valueAt(tensor: Pick<Tensor, "data" | "unbounded">, cell: number): number | null {
  const value = tensor.data[cell];
  if (value !== null && value !== undefined) return value;
  const sign = tensor.unbounded?.find((each) => each.cell === cell)?.sign;
  return sign === undefined ? null : sign * Infinity;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** A flat cell as one index an axis. */
export function indicesOf(cell: number, shape: readonly number[]): number[] {
  const indices = new Array<number>(shape.length).fill(0);
  let rest = cell;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] ?? 1;
    indices[axis] = rest % length;
    rest = Math.floor(rest / length);
  }
  return indices;
}

export function flatOf(indices: readonly number[], shape: readonly number[]): number {
  return indices.reduce((flat, index, axis) => flat * (shape[axis] ?? 1) + index, 0);
}

/** The layer whose units an axis counts, or null for samples. */
export function layerOfAxis(axis: string | undefined): number | null {
  const layer = /^units\[(\d+)\]$/.exec(axis ?? "")?.[1];
  return layer === undefined ? null : Number(layer);
}

/** "sample 2, unit 3": where a cell lies, counted from one. */
export function describeCell(tensor: Pick<Tensor, "axes" | "shape">, cell: number): string {
  const indices = indicesOf(cell, tensor.shape);
  const layers = tensor.axes.map(layerOfAxis).filter((layer) => layer !== null);
  const name = (layer: number | null): string => {
    if (layer === null) return "sample";
    return layers.length < 2 ? "unit" : layer === Math.max(...layers) ? "to unit" : "from unit";
  };
  return tensor.axes
    .map((axis, place) => `${name(layerOfAxis(axis))} ${(indices[place] ?? 0) + 1}`)
    .join(", ");
}
