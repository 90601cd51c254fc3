/** The gradient on the relief: an arrow that climbs the ground from a point in the direction of the gradient. */
import type { Window } from "../types";
import type { Grid } from "./heights";
import { onSurface, type Space } from "./space";
import type { Eye } from "./view";

const SHARE = 0.13;
const PIECES = 10;
const HEAD = 9;

export interface Climb {
  /** The points of the line, as SVG wants them. */
  line: string;
  /** The two barbs of its head. */
  head: string;
  tip: { x: number; y: number };
}

/** null: there is no gradient, or no ground to lay it on. Its length says nothing, as on the flat picture. */
export function climbOf(ground: { grid: Grid; space: Space; window: Window }, eye: Eye, at: readonly (number | null)[], gradient: readonly (number | null)[]): Climb | null {
  const [[x0, x1] = [0, 1]] = ground.window;
  const [[a, b], [u, v]] = [at, gradient].map(([first, second]) => [first ?? NaN, second ?? NaN] as const) as [readonly [number, number], readonly [number, number]];
  const size = Math.hypot(u, v);
  if (!(size > 0) || !Number.isFinite(size)) return null;
  const reach = ((x1 - x0) * SHARE) / size;
  const places = Array.from({ length: PIECES + 1 }, (_, i) => onSurface(ground.grid, ground.space, a + (u * reach * i) / PIECES, b + (v * reach * i) / PIECES));
  const seen = places.flatMap((place) => (place ? [eye.see(place)] : []));
  const [before, tip] = [seen.at(-3), seen.at(-1)];
  if (!before || !tip || seen.length < PIECES / 2) return null;
  const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
  const barb = (turn: number): string => `${(tip.x - HEAD * Math.cos(angle + turn)).toFixed(1)},${(tip.y - HEAD * Math.sin(angle + turn)).toFixed(1)}`;
  const text = ({ x, y }: { x: number; y: number }): string => `${x.toFixed(1)},${y.toFixed(1)}`;
  return { line: seen.map(text).join(" "), head: `${barb(0.45)} ${text(tip)} ${barb(-0.45)}`, tip };
}
