/** Values on a grid as pixels, the highest row on top; and where classes meet, as lines. */
import { pixelAt } from "./colours";
import type { Ramp, Sheet } from "./types";

/** One value a cell on a ramp. Where it is `discrete`, it is all or nothing: below the middle, or above. */
export function paintValues({ rows, columns, values }: Sheet, ramp: Ramp, low: number, high: number, discrete = false): Uint32Array {
  const pixels = new Uint32Array(rows * columns);
  const middle = (low + high) / 2;
  for (let row = 0; row < rows; row++) {
    const to = (rows - 1 - row) * columns;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] ?? 0;
      pixels[to + column] = pixelAt(ramp, discrete ? (value < middle ? low : high) : value, low, high);
    }
  }
  return pixels;
}

/** The likeliest class a cell, the stronger the surer: the background at chance. */
export function paintClasses(outputs: readonly Sheet[], ramps: readonly Ramp[], discrete = false): Uint32Array {
  const [first] = outputs;
  if (!first) return new Uint32Array();
  const { rows, columns } = first;
  const pixels = new Uint32Array(rows * columns);
  const chance = 1 / outputs.length;
  for (let cell = 0; cell < pixels.length; cell++) {
    const best = largestAt(outputs, cell);
    const ramp = ramps[best];
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    if (ramp) pixels[(rows - 1 - row) * columns + column] = pixelAt(ramp, discrete ? 1 : (outputs[best]?.values[cell] ?? 0), chance, 1);
  }
  return pixels;
}

function largestAt(outputs: readonly Sheet[], cell: number): number {
  let best = 0;
  for (let k = 1; k < outputs.length; k++) {
    if ((outputs[k]?.values[cell] ?? -Infinity) > (outputs[best]?.values[cell] ?? -Infinity)) best = k;
  }
  return best;
}

/** How far each cell is on a class's side: above 0 where the class is the likeliest. */
function lead(outputs: readonly Sheet[], index: number): Sheet {
  const own = outputs[index];
  if (!own) throw new RangeError("no such output");
  const values = own.values.map((value, cell) => {
    let other = -Infinity;
    outputs.forEach((sheet, k) => { if (k !== index) other = Math.max(other, sheet.values[cell] ?? -Infinity); });
    return value - other;
  });
  return { ...own, values };
}

/** Where the predicted class changes: lines (x1, y1, x2, y2, …) in grid steps from the lowest, leftmost sample. */
export function boundaries(outputs: readonly Sheet[]): Float32Array {
  const [only] = outputs;
  if (!only) return new Float32Array();
  if (outputs.length === 1) return levelLines(only, 0.5);
  // Of k classes, each line is shared by two: the last class adds none.
  const lines = outputs.slice(0, -1).flatMap((_, index) => [...levelLines(lead(outputs, index), 0)]);
  return Float32Array.from(lines);
}

/** Marching squares: the lines on which the values, linear between samples, are `level`. */
export function levelLines({ rows, columns, values }: Sheet, level: number): Float32Array {
  const lines: number[] = [];
  for (let y = 0; y + 1 < rows; y++) {
    for (let x = 0; x + 1 < columns; x++) {
      const at = y * columns + x;
      const [a, b, c, d] = [values[at] ?? 0, values[at + 1] ?? 0, values[at + columns + 1] ?? 0, values[at + columns] ?? 0];
      const code = Number(a > level) | (Number(b > level) << 1) | (Number(c > level) << 2) | (Number(d > level) << 3);
      if (code !== 0 && code !== 15) addLines(lines, x, y, [a, b, c, d], level);
    }
  }
  return Float32Array.from(lines);
}

type Corners = readonly [number, number, number, number];

/** The crossings on a cell's sides, in order around it, joined in pairs. */
function addLines(lines: number[], x: number, y: number, [a, b, c, d]: Corners, level: number): void {
  const part = (from: number, to: number): number => (level - from) / (to - from);
  const crosses = (from: number, to: number): boolean => from > level !== to > level;
  const start = lines.length;
  if (crosses(a, b)) lines.push(x + part(a, b), y);
  if (crosses(b, c)) lines.push(x + 1, y + part(b, c));
  if (crosses(c, d)) lines.push(x + 1 - part(c, d), y + 1);
  if (crosses(d, a)) lines.push(x, y + 1 - part(d, a));
  // A saddle has four: its middle says which two belong together.
  if (lines.length - start === 8 && (a + b + c + d) / 4 > level !== a > level) lines.push(...lines.splice(start, 2));
}

/** A canvas of its own for pixels, to be stretched over a picture. */
export function putPixels(canvas: HTMLCanvasElement, pixels: Uint32Array, rows: number, columns: number): void {
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer as ArrayBuffer), columns, rows);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
