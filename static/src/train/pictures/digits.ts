/** Images as pixels: those of a data set, and the weights of a first layer. */
import type { Ramp } from "./types";
import { paintValues } from "./paint";

/** Grey from paper to ink; the data's rows run from the top. */
export function imagePixels(values: readonly number[], [rows = 8, columns = 8]: readonly number[], ramp: Ramp, low: number, high: number): Uint32Array {
  const sheet = { rows, columns, values: Float32Array.from({ length: rows * columns }, (_, cell) => values[(rows - 1 - Math.floor(cell / columns)) * columns + (cell % columns)] ?? 0) };
  return paintValues(sheet, ramp, low, high);
}

/** How much ink a stroke leaves on a cell whose middle is this far from the pen, in cells. */
export const inkAt = (distance: number): number => Math.max(0, Math.min(1, 1.35 - distance));

/** The picture with the pen put down at a point, given in cells; `most` is full ink. */
export function inked(image: readonly number[], [rows = 8, columns = 8]: readonly number[], [x, y]: readonly [number, number], most: number): number[] {
  return Array.from({ length: rows * columns }, (_, cell) => {
    const distance = Math.hypot((cell % columns) + 0.5 - x, Math.floor(cell / columns) + 0.5 - y);
    return Math.max(image[cell] ?? 0, Math.round(inkAt(distance) * most));
  });
}
