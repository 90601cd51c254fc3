/** Colours of classes and values as a canvas takes them: ramps of packed pixels. */
import type { Palette } from "../../model/palette";
import { css, mix, parseColour, type Rgb } from "../../model/scale";
import type { Ramp } from "./types";

const STEPS = 255;
/** Grounds stay paler than the points on them. */
const GROUND = 0.72;
const REST = 0.6;

/** The marks of the classes: the first two are the poles of the signed scale. */
function poleOf(palette: Palette, index: number): string {
  const poles = [palette.negativeLine, palette.positiveLine, palette.run3, palette.run4, palette.run5, palette.run6, palette.run7, palette.run8];
  return poles[index % poles.length] ?? palette.text;
}

export function classColour(palette: Palette, index: number): string {
  return poleOf(palette, index);
}

function groundOf(palette: Palette, index: number): Rgb {
  if (index === 0) return parseColour(palette.negativeFill);
  if (index === 1) return parseColour(palette.positiveFill);
  return mix(parseColour(palette.zero), parseColour(poleOf(palette, index)), REST);
}

const pack = ([red, green, blue]: Rgb): number => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

function rampOf(colour: (part: number) => Rgb): Ramp {
  return Uint32Array.from({ length: STEPS + 1 }, (_, i) => pack(colour(i / STEPS)));
}

/** Signed values: orange, the background in the middle, blue. */
export function signedRamp(palette: Palette, strength = 1): Ramp {
  const zero = parseColour(palette.zero);
  const [negative, positive] = [parseColour(palette.negativeFill), parseColour(palette.positiveFill)];
  return rampOf((part) => mix(zero, part < 0.5 ? negative : positive, Math.abs(2 * part - 1) * strength));
}

/** Two classes: the first's colour at 0, the background at ½, the second's at 1. */
export const twoClassRamp = (palette: Palette): Ramp => signedRamp(palette, GROUND);

/** One class of several: the background at chance, its colour at certainty. */
export function classRamp(palette: Palette, index: number): Ramp {
  const zero = parseColour(palette.zero);
  return rampOf((part) => mix(zero, groundOf(palette, index), part * GROUND));
}

/** A few stops of a ramp, for a legend in CSS. */
export function stopsOf(ramp: Ramp, count = 9): string {
  const stops = Array.from({ length: count }, (_, i) => {
    const pixel = ramp[Math.round((i / (count - 1)) * (ramp.length - 1))] ?? 0;
    return css([pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]);
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** The pixel of a value between `low` and `high`. */
export function pixelAt(ramp: Ramp, value: number, low: number, high: number): number {
  const last = ramp.length - 1;
  const place = high > low ? (value - low) / (high - low) : 0.5;
  return ramp[Math.round(Math.max(0, Math.min(1, Number.isNaN(place) ? 0.5 : place)) * last)] ?? 0;
}

/** From paper to ink, for images. */
export function inkRamp(palette: Palette): Ramp {
  const [paper, ink] = [parseColour(palette.zero), parseColour(palette.text)];
  return rampOf((part) => mix(paper, ink, part));
}
