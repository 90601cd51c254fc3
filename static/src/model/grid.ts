/** A tensor as a grid of cells: rows and columns, their names, and which of them are on the screen. */
export interface GridShape {
  rows: number;
  columns: number;
  /** What a row and a column is: "sample", "unit", "input"; null where there is one only, without a name. */
  rowName: string | null;
  columnName: string | null;
}

/** "samples" → "sample"; "units[0]" → "input"; "units[2]" → "unit". */
export function axisName(axis: string | undefined): string {
  if (axis === undefined) return "cell";
  if (axis.startsWith("units")) return axis === "units[0]" ? "input" : "unit";
  return axis.replace(/s$/, "");
}

/** Where samples are rows, a vector over samples stands upright and any other lies, as it is added to each row; in columns, the other way round. */
export function gridShape(shape: readonly number[], axes: readonly string[], inColumns = false): GridShape {
  const [first = 1, second = 1] = shape;
  if (shape.length === 0) return { rows: 1, columns: 1, rowName: null, columnName: null };
  if (shape.length > 1) {
    return { rows: first, columns: second, rowName: axisName(axes[0]), columnName: axisName(axes[1]) };
  }
  const name = axisName(axes[0]);
  return (axes[0] === "samples") !== inColumns
    ? { rows: first, columns: 1, rowName: name, columnName: null }
    : { rows: 1, columns: first, rowName: null, columnName: name };
}

export interface Range {
  first: number;
  /** One past the last. */
  end: number;
}

/** Which of `count` rows (or columns) of `size` px are within the frame, with a few to spare. */
export function visibleRange(offset: number, frame: number, size: number, count: number, spare = 3): Range {
  const first = Math.max(0, Math.floor(offset / size) - spare);
  return { first, end: Math.min(count, Math.max(first, Math.ceil((offset + frame) / size) + spare)) };
}

export const indicesIn = ({ first, end }: Range): number[] => Array.from({ length: end - first }, (_, i) => first + i);

/** At most so many of `count` places, from one end to the other. */
export function evenly(count: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
}

/** Which way the band of a chosen sample runs through a cell, if it does. */
export function bandAt({ rowName, columnName }: GridShape, sample: number | null, row: number, column: number): "row" | "column" | null {
  if (sample === null) return null;
  if (rowName === "sample") return row === sample ? "row" : null;
  return columnName === "sample" && column === sample ? "column" : null;
}

/** Where a key leads from a cell; null: the key isn't ours. */
export function moveTo(key: string, cell: number, { rows, columns }: Pick<GridShape, "rows" | "columns">): number | null {
  const row = Math.floor(cell / columns);
  const column = cell % columns;
  const at = (r: number, c: number): number =>
    Math.max(0, Math.min(rows - 1, r)) * columns + Math.max(0, Math.min(columns - 1, c));
  switch (key) {
    case "ArrowLeft":
      return at(row, column - 1);
    case "ArrowRight":
      return at(row, column + 1);
    case "ArrowUp":
      return at(row - 1, column);
    case "ArrowDown":
      return at(row + 1, column);
    case "Home":
      return at(row, 0);
    case "End":
      return at(row, columns - 1);
    default:
      return null;
  }
}

export interface Figure {
  /** Up to the decimal point, right-aligned; or the whole, centred, if `rest` is null. */
  whole: string;
  rest: string | null;
}

/**
 * Splits a number so that the points of a column stand under each other; words stay whole, and powers of ten too,
 * unless the column has nothing else.
 */
export function figure(text: string, isScientific = false): Figure {
  if (isScientific && POWER.test(text)) return splitAt(text, text.search(/[.e]/));
  if (!/^[-−+]?\d+(\.\d+)?$/.test(text)) return { whole: text, rest: null };
  return splitAt(text, text.indexOf("."));
}

const POWER = /^−?\d(\.\d+)?e−?\d+$/;

function splitAt(text: string, point: number): Figure {
  return point < 0 ? { whole: text, rest: "" } : { whole: text.slice(0, point), rest: text.slice(point) };
}

/** A minus sign is up to a third wider than a figure, a point half as wide. */
const MINUS_WIDTH = 1.3;
const POINT_WIDTH = 0.5;

/** How much room numbers with so many places after the point take, in widths of a figure: "−0." and what follows. */
export function usualWidths(decimals: number): { whole: number; rest: number; word: number } {
  return { whole: 1 + MINUS_WIDTH, rest: POINT_WIDTH + decimals, word: 0 };
}

/** The widest part before, and from, the decimal point on; and the widest word. */
export function figureWidths(figures: readonly Figure[]): { whole: number; rest: number; word: number } {
  const widths = { whole: 1, rest: 0, word: 0 };
  for (const { whole, rest } of figures) {
    const own = whole.length + (/^[-−]/.test(whole) ? MINUS_WIDTH - 1 : 0);
    if (rest === null) widths.word = Math.max(widths.word, own);
    else {
      widths.whole = Math.max(widths.whole, own);
      const minus = rest.includes("−") ? MINUS_WIDTH - 1 : 0;
      widths.rest = Math.max(widths.rest, rest.length && rest.length - 1 + POINT_WIDTH + minus);
    }
  }
  return widths;
}

/** The cell that an arrow key leads to; null: another key, or over the edge. */
export function neighbour({ rows, columns }: { rows: number; columns: number }, cell: number, key: string): number | null {
  const [down = 0, right = 0] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key] ?? [0, 0];
  const [row, column] = [Math.floor(cell / columns) + down, (cell % columns) + right];
  const isInside = (down !== 0 || right !== 0) && row >= 0 && row < rows && column >= 0 && column < columns;
  return isInside ? row * columns + column : null;
}
