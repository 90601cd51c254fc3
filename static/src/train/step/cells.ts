/** A layer's parameters as one grid: the weights, and the biases as the last column. */
import type { LayerChange } from "./types";

export type Part = "before" | "change" | "after";
export const PARTS: readonly Part[] = ["before", "change", "after"];

export interface ParameterGrid {
  rows: number;
  /** Those of W and one for b. */
  columns: number;
  cells: readonly (number | null)[];
}

type Matrix = readonly (readonly (number | null)[])[];

const joined = (W: Matrix | null, b: readonly (number | null)[] | null): (number | null)[] | null =>
  W && b && W.flatMap((row, unit) => [...row, b[unit] ?? null]);

export function gridOf(layer: LayerChange, part: Part | "gradient"): ParameterGrid | null {
  const { W, b } = layer;
  const cells = {
    before: () => joined(W, b),
    gradient: () => joined(layer.dW, layer.db),
    change: () => joined(layer.W_change, layer.b_change),
    after: () => joined(layer.W_next, layer.b_next),
  }[part]();
  return cells && { rows: b.length, columns: (W[0]?.length ?? 0) + 1, cells };
}

/** The name of a parameter, counted from 1: "W[2] 3,1" or "b[2] 3". */
export function parameterName(layer: number, { columns }: ParameterGrid, cell: number): string {
  const [row, column] = [Math.floor(cell / columns) + 1, (cell % columns) + 1];
  return column === columns ? `b[${String(layer)}] ${String(row)}` : `W[${String(layer)}] ${String(row)},${String(column)}`;
}
