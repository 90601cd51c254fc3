/** Where things stand in the relief's space: x₁ to the right, x₂ to the back, f upwards; the longer side measures 2. */
import type { Path, Window } from "../types";
import { cornersOf, heightAt, isCutUpwards, type Grid } from "./heights";

export type Place = readonly [number, number, number];

const SIDE = 2;
/** Of the highest value over the lowest: where the picture is upright, more. */
const [TOP, HIGHEST_TOP] = [0.85, 1.35];
/** The ground lies a little below the lowest point. */
export const FLOOR = -0.05;
/** What lies on the surface stands a hair above it. */
const LIFT = 0.004;
const MOST_PIECES = 6000;
const SHORTEST = 0.006;
const DOT_APART = 0.035;

export interface Space {
  place(x: number, y: number, height: number): Place;
  /** The variables over which a place stands. */
  under(place: Place): readonly [number, number];
  /** Half the sides: of x₁ and of x₂. */
  half: readonly [number, number];
  /** How high the highest value stands. */
  top: number;
}

/** Both variables have one scale, as in the flat picture. */
export function spaceOf([[x0, x1] = [0, 1], [y0, y1] = [0, 1]]: Window): Space {
  const unit = SIDE / Math.max(x1 - x0, y1 - y0);
  const [a, b] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const top = Math.max(TOP, Math.min(HIGHEST_TOP, (TOP * (y1 - y0)) / (x1 - x0)));
  return {
    place: (x, y, height) => [(x - a) * unit, height * top, -(y - b) * unit],
    under: ([u, , v]) => [u / unit + a, b - v / unit],
    half: [((x1 - x0) * unit) / 2, ((y1 - y0) * unit) / 2],
    top,
  };
}

export interface Mesh {
  positions: Float32Array;
  indices: Uint32Array;
}

/** Two triangles a cell; none where a corner isn't defined. */
export function meshOf(grid: Grid, { place }: Space): Mesh {
  const columns = grid.x.length;
  const positions = Float32Array.from([...grid.heights].flatMap((height, at) => {
    const [i, j] = [at % columns, Math.floor(at / columns)];
    return place(grid.x[i] ?? 0, grid.y[j] ?? 0, Number.isNaN(height) ? 0 : height);
  }));
  const indices: number[] = [];
  for (let j = 0; j < grid.y.length - 1; j += 1) {
    for (let i = 0; i < columns - 1; i += 1) indices.push(...trianglesOf(grid, i, j));
  }
  return { positions, indices: Uint32Array.from(indices) };
}

function trianglesOf(grid: Grid, i: number, j: number): number[] {
  const corners = cornersOf(grid, i, j);
  if (corners.some(Number.isNaN)) return [];
  const a = j * grid.x.length + i;
  const [b, c, d] = [a + 1, a + grid.x.length, a + grid.x.length + 1];
  return isCutUpwards(corners) ? [a, b, d, a, d, c] : [a, b, c, b, d, c];
}

/** The rim of the mesh, as pairs of ends. */
export function rimOf({ x, y, heights }: Grid, { place }: Space): Place[] {
  const [columns, rows] = [x.length, y.length];
  const along = (count: number, at: (i: number) => number): number[][] => Array.from({ length: count - 1 }, (_, i) => [at(i), at(i + 1)]);
  const sides = [0, rows - 1].flatMap((j) => along(columns, (i) => j * columns + i)).concat([0, columns - 1].flatMap((i) => along(rows, (j) => j * columns + i)));
  const known = sides.filter((side) => side.every((at) => !Number.isNaN(heights[at])));
  return known.flat().map((at) => place(x[at % columns] ?? 0, y[Math.floor(at / columns)] ?? 0, heights[at] ?? 0));
}

/** A point of the plane on the mesh; null where that has none. */
export function onSurface(grid: Grid, space: Space, x: number, y: number): Place | null {
  const height = heightAt(grid, x, y);
  return height === null ? null : space.place(x, y, height + LIFT);
}

/** Where a run stands, also between two iterations; null where it has left the numbers. */
export function standing({ theta, iterations }: Path, at: number): readonly [number, number] | null {
  const k = Math.min(Math.floor(at), iterations);
  const share = k < iterations ? at - k : 0;
  const [from, to] = [theta[k] ?? [], theta[k + 1] ?? []];
  const [x, y] = [0, 1].map((i) => (from[i] ?? NaN) + (share > 0 ? ((to[i] ?? NaN) - (from[i] ?? NaN)) * share : 0));
  return x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null;
}

/** A path laid on the mesh, in short pieces: each has two ends, and the place on the path (k, fractional) where it ends. */
export interface Laid {
  positions: Float32Array;
  ends: Float32Array;
  dots: Float32Array;
  dotEnds: Float32Array;
}

type Pair = readonly [number, number];
interface Stretch { k: number; from: Pair; to: Pair; inside: Pair }

/** The part of a segment that lies inside the mesh's rectangle, as shares of it. */
function insideOf(grid: Grid, from: Pair, to: Pair): Pair | null {
  let [start, end] = [0, 1];
  const sides: [Pair, number][] = [[[grid.x[0] ?? 0, grid.x.at(-1) ?? 0], 0], [[grid.y[0] ?? 0, grid.y.at(-1) ?? 0], 1]];
  for (const [[low, high], i] of sides) {
    const [a, by] = [from[i] ?? 0, (to[i] ?? 0) - (from[i] ?? 0)];
    if (by === 0 && (a < low || a > high)) return null;
    if (by === 0) continue;
    const [first, second] = [(low - a) / by, (high - a) / by];
    start = Math.max(start, Math.min(first, second));
    end = Math.min(end, Math.max(first, second));
  }
  return start < end ? [start, end] : null;
}

function stretchesOf(grid: Grid, path: Path): Stretch[] {
  const found: Stretch[] = [];
  for (let k = 0; k < path.iterations; k += 1) {
    const [from, to] = [standing(path, k), standing(path, k + 1)];
    const inside = from && to && insideOf(grid, from, to);
    if (inside) found.push({ k, from, to, inside });
  }
  return found;
}

const lengthOf = ({ from, to, inside }: Stretch): number => Math.hypot(to[0] - from[0], to[1] - from[1]) * (inside[1] - inside[0]);

export function layPath(grid: Grid, space: Space, path: Path): Laid {
  const stretches = stretchesOf(grid, path);
  const cell = Math.max((grid.x.at(-1) ?? 1) - (grid.x[0] ?? 0), (grid.y.at(-1) ?? 1) - (grid.y[0] ?? 0)) / (2 * Math.max(grid.x.length, grid.y.length));
  const step = Math.max(cell, stretches.reduce((sum, each) => sum + lengthOf(each), 0) / MOST_PIECES);
  const positions: number[] = [];
  const ends: number[] = [];
  for (const [from, to, end] of joined(stretches.flatMap((stretch) => piecesOf(grid, space, stretch, step)))) {
    positions.push(...from, ...to);
    ends.push(end);
  }
  return { positions: Float32Array.from(positions), ends: Float32Array.from(ends), ...dotsOf(grid, space, path) };
}

type Piece = readonly [from: Place, to: Place, end: number];

/** Steps too short to be seen one by one become one piece. */
function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const before = found.at(-1);
    if (before && distance(before[1], piece[0]) === 0 && distance(before[0], piece[1]) < SHORTEST) found[found.length - 1] = [before[0], piece[1], piece[2]];
    else found.push(piece);
  }
  return found;
}

function piecesOf(grid: Grid, space: Space, stretch: Stretch, step: number): Piece[] {
  const { k, from, to, inside: [first, last] } = stretch;
  const count = Math.max(1, Math.ceil(lengthOf(stretch) / step));
  const pieces: Piece[] = [];
  let before: Place | null = null;
  for (let i = 0; i <= count; i += 1) {
    const share = first + ((last - first) * i) / count;
    const here = onSurface(grid, space, from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share);
    if (before && here) pieces.push([before, here, k + share]);
    before = here;
  }
  return pieces;
}

/** The iterates, but for those that would stand on the one before. */
function dotsOf(grid: Grid, space: Space, path: Path): Pick<Laid, "dots" | "dotEnds"> {
  const dots: number[] = [];
  const ends: number[] = [];
  let before: Place = [Infinity, 0, 0];
  for (let k = 0; k <= path.iterations; k += 1) {
    const point = standing(path, k);
    const place = point && onSurface(grid, space, point[0], point[1]);
    if (!place || distance(place, before) < DOT_APART) continue;
    before = place;
    dots.push(...place);
    ends.push(k);
  }
  return { dots: Float32Array.from(dots), dotEnds: Float32Array.from(ends) };
}

export const distance = (a: Place, b: Place): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const [STRIDE, STRIDES] = [0.03, 90];
/** So much above the place hides it: less is the slope that it stands on. */
const COVER = 0.03;

/** Whether the surface stands between a place and the eye. */
export function isHidden(grid: Grid, space: Space, place: Place, eye: Place): boolean {
  const way = STRIDE / distance(place, eye);
  for (let i = 1; i <= STRIDES; i += 1) {
    const at = [0, 1, 2].map((side) => (place[side] ?? 0) + ((eye[side] ?? 0) - (place[side] ?? 0)) * way * i);
    const [x = 0, y = 0, z = 0] = at;
    if (y > space.top) return false;
    const height = heightAt(grid, ...space.under([x, y, z]));
    if (height !== null && height * space.top > y + COVER) return true;
  }
  return false;
}
