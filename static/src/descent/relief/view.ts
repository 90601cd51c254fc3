/** The eye: it goes round the middle of the relief; and what it makes of places. */
import { FLOOR, type Place, type Space } from "./space";

export interface View {
  /** Degrees to the right of the front, and above the ground. */
  azimuth: number;
  elevation: number;
  /** How much nearer than where all of it is seen. */
  zoom: number;
}

export const FIRST_VIEW: View = { azimuth: -32, elevation: 42, zoom: 1 };
/** Of the picture's height, in degrees. */
export const OPENING = 28;
/** Of the height: where the middle is. */
const MIDDLE = 0.38;
const [LOWEST, HIGHEST] = [4, 88];
const [FARTHEST, NEAREST] = [0.5, 6];
/** Room for the labels around the box, in pixels. */
const MARGIN = { side: 36, end: 22 };

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const between = (low: number, value: number, high: number): number => Math.max(low, Math.min(high, value));

export function turned({ azimuth, elevation, zoom }: View, right: number, up: number): View {
  return { azimuth: ((((azimuth + right + 180) % 360) + 360) % 360) - 180, elevation: between(LOWEST, elevation + up, HIGHEST), zoom };
}

export const nearer = (view: View, factor: number): View => ({ ...view, zoom: between(FARTHEST, view.zoom * factor, NEAREST) });

interface Axes { right: Place; up: Place; back: Place }

function axesOf({ azimuth, elevation }: View): Axes {
  const [a, e] = [radians(azimuth), radians(elevation)];
  const back: Place = [Math.sin(a) * Math.cos(e), Math.sin(e), Math.cos(a) * Math.cos(e)];
  return { back, right: [Math.cos(a), 0, -Math.sin(a)], up: [-Math.sin(a) * Math.sin(e), Math.cos(e), -Math.cos(a) * Math.sin(e)] };
}

const along = (a: Place, b: Place): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const fromMiddle = ([x, y, z]: Place, { top }: Space): Place => [x, y - top * MIDDLE, z];

/** From where the whole box is in the picture, however it is turned; nearer by the zoom. */
export function distanceOf(view: View, space: Space, width: number, height: number): number {
  const { half: [a, b], top } = space;
  const slope = Math.tan(radians(OPENING / 2));
  const [across, upwards] = [(slope * (width - 2 * MARGIN.side)) / height, (slope * (height - 2 * MARGIN.end)) / height];
  const axes = axesOf(view);
  let farthest = 0;
  for (const corner of [FLOOR, top].flatMap((y) => [[-a, -b], [a, -b], [-a, b], [a, b]].map(([x = 0, z = 0]): Place => fromMiddle([x, y, z], space)))) {
    const depth = along(corner, axes.back);
    const [x, y] = [Math.abs(along(corner, axes.right)), Math.abs(along(corner, axes.up))];
    farthest = Math.max(farthest, depth + x / across, depth + y / upwards);
  }
  return farthest / view.zoom;
}

export interface Eye {
  position: Place;
  middle: Place;
  /** In pixels from the upper left corner, and how far behind the middle (negative: before it). */
  see(place: Place): { x: number; y: number; depth: number };
}

export function eyeOf(view: View, space: Space, width: number, height: number): Eye {
  const away = distanceOf(view, space, width, height);
  const { right, up, back } = axesOf(view);
  const middle = space.top * MIDDLE;
  const focal = height / 2 / Math.tan(radians(OPENING / 2));
  return {
    position: [back[0] * away, middle + back[1] * away, back[2] * away],
    middle: [0, middle, 0],
    see(place) {
      const from = fromMiddle(place, space);
      const depth = -along(from, back);
      const scale = focal / Math.max(1e-6, away + depth);
      return { x: width / 2 + along(from, right) * scale, y: height / 2 - along(from, up) * scale, depth };
    },
  };
}
