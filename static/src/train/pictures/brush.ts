/** Points drawn by hand. */
export interface Drawing {
  readonly X: readonly (readonly number[])[];
  /** The classes of a classification, or the targets of a regression. */
  readonly labels: readonly number[] | null;
  readonly Y: readonly (readonly number[])[] | null;
}

export interface Brush {
  mode: "draw" | "erase";
  /** The class that is drawn, or the target. */
  value: number;
}

export const MOST_DRAWN = 2000;
/** Pixels between two points of one stroke. */
export const APART = 9;
export const ERASER = 14;

export const countOf = (drawing: Drawing): number => drawing.X.length;

export function withPoint(drawing: Drawing, point: readonly number[], value: number): Drawing {
  if (countOf(drawing) >= MOST_DRAWN) return drawing;
  return {
    X: [...drawing.X, point],
    labels: drawing.labels && [...drawing.labels, value],
    Y: drawing.Y && [...drawing.Y, [value]],
  };
}

/** Without the points that `isHit`; the same drawing where none is. */
export function without(drawing: Drawing, isHit: (point: readonly number[]) => boolean): Drawing {
  const keeps = drawing.X.map((point) => !isHit(point));
  if (keeps.every(Boolean)) return drawing;
  const kept = <T>(values: readonly T[]): T[] => values.filter((_, i) => keeps[i]);
  return { X: kept(drawing.X), labels: drawing.labels && kept(drawing.labels), Y: drawing.Y && kept(drawing.Y) };
}
