/** Lines in pieces, joined where they meet: the dashes of a dashed line run on over them. */
type Point = readonly [number, number];

const keyOf = ([x, y]: Point): string => `${x.toFixed(3)} ${y.toFixed(3)}`;

/** Pieces (x1, y1, x2, y2, …) as paths; a closed one ends where it begins. */
export function pathsOf(lines: Float32Array): Point[][] {
  // Piece p has the ends 2p and 2p + 1, so that `end ^ 1` is the other one.
  const pointOf = (end: number): Point => [lines[2 * end] ?? 0, lines[2 * end + 1] ?? 0];
  const count = Math.floor(lines.length / 4);
  const meeting = new Map<string, number[]>();
  for (let end = 0; end < 2 * count; end++) {
    const key = keyOf(pointOf(end));
    meeting.set(key, [...(meeting.get(key) ?? []), end]);
  }
  const used = new Set<number>();
  const nextAt = (point: Point): number | undefined => meeting.get(keyOf(point))?.find((end) => !used.has(end >> 1));

  /** Goes on from a point, piece by piece, as long as one begins there. */
  function walk(from: Point): Point[] {
    const path: Point[] = [];
    for (let end = nextAt(from); end !== undefined; end = nextAt(pointOf(end ^ 1))) {
      used.add(end >> 1);
      path.push(pointOf(end ^ 1));
    }
    return path;
  }

  const paths: Point[][] = [];
  for (let piece = 0; piece < count; piece++) {
    if (used.has(piece)) continue;
    const start = pointOf(2 * piece);
    const forward = walk(start);
    paths.push([...walk(start).reverse(), start, ...forward]);
  }
  return paths;
}
