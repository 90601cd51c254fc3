/** The order of a tensor's axes is the conventions' to choose; what is drawn has one order: samples × units, outputs × inputs. */
import { layerOfAxis, type Tensor, type Trace } from "./trace";

const SAMPLES = "samples";

type Axes = Pick<Tensor, "axes">;
type Matrix = Pick<Tensor, "axes" | "shape" | "data">;

export const hasSamples = ({ axes }: Axes): boolean => axes.includes(SAMPLES);

/** Whether a matrix has its axes the other way round than the drawing. */
export function isTurned({ axes }: Axes): boolean {
  if (axes.length !== 2) return false;
  const [first, second] = axes.map(layerOfAxis);
  if (typeof second !== "number") return true;
  return typeof first === "number" && second > first;
}

export interface Drawn {
  rows: number;
  columns: number;
  data: readonly (number | null)[];
}

/** A tensor's numbers in the drawing's order; a vector is one row. */
export function inDrawingOrder(tensor: Matrix): Drawn {
  const [first = 1, second = 1] = tensor.shape;
  if (tensor.shape.length < 2) return { rows: 1, columns: first, data: tensor.data };
  if (!isTurned(tensor)) return { rows: first, columns: second, data: tensor.data };
  const data = Array.from({ length: first * second }, (_, cell) => tensor.data[(cell % first) * second + Math.floor(cell / first)] ?? null);
  return { rows: second, columns: first, data };
}

/** The cell of a matrix whose place in the drawing's order is this row and column. */
export function cellInOrder(tensor: Pick<Tensor, "axes" | "shape">, row: number, column: number): number {
  const [, second = 1] = tensor.shape;
  return isTurned(tensor) ? column * second + row : row * second + column;
}

/** How many units an axis of a layer counts, or how many samples there are. */
export function lengthOf(tensor: Pick<Tensor, "axes" | "shape"> | undefined, isOfUnits: (layer: number | null) => boolean): number | undefined {
  return tensor?.shape[tensor.axes.findIndex((axis) => isOfUnits(layerOfAxis(axis)))];
}

/** Whether a trace's samples are columns, so that a vector over units stands upright. */
/** What one sample's numbers stand in. */
export const sampleLine = (trace: Pick<Trace, "tensors"> | null): "row" | "column" => (samplesAreColumns(trace) ? "column" : "row");

export const samplesAreColumns = (trace: Pick<Trace, "tensors"> | null): boolean =>
  trace?.tensors["A[0]@0"]?.axes[1] === SAMPLES;
