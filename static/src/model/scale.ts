/**
 * The signed colour scale: the background at zero, blue above, orange below, saturation in proportion to |value|.
 * Colours are mixed in OKLab, where equal steps look equal; CSS `color-mix(in oklab, …)` gives the same ones.
 */
export type Rgb = readonly [number, number, number];

/** Where a value lies on a scale, −1…1. An unbounded value is at its end. */
export function share(value: number | null | undefined, scale: number): number {
  if (value === null || value === undefined || Number.isNaN(value)) return 0;
  if (!(scale > 0)) return value === 0 ? 0 : Math.sign(value);
  return Math.max(-1, Math.min(1, value / scale));
}

/** A cell's background, for CSS. */
export function fill(value: number | null | undefined, scale: number): string {
  const part = share(value, scale);
  const pole = part < 0 ? "var(--negative-fill)" : "var(--positive-fill)";
  return `color-mix(in oklab, ${pole} ${(Math.abs(part) * 100).toFixed(1)}%, var(--zero))`;
}

/** The largest |value| that is finite: the scale on which all of these can be compared. 1 if there is none. */
export function scaleOf(...groups: (ArrayLike<number | null> | null | undefined)[]): number {
  let largest = 0;
  for (const group of groups) {
    for (let i = 0; group && i < group.length; i++) {
      const size = Math.abs(group[i] ?? 0);
      if (size > largest && Number.isFinite(size)) largest = size;
    }
  }
  return largest || 1;
}

/** Reads "#rrggbb", "#rgb", "rgb(1, 2, 3)" and "rgb(1 2 3)". */
export function parseColour(text: string): Rgb {
  const hex = /^#([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text)?.[1];
  if (hex) {
    const wide = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
    const bits = parseInt(wide, 16);
    return [bits >> 16, (bits >> 8) & 255, bits & 255];
  }
  const [red = 128, green = 128, blue = 128] = (text.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}

const toLinear = (channel: number): number => {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};
const fromLinear = (c: number): number => {
  const s = c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055;
  return Math.round(Math.max(0, Math.min(1, s)) * 255);
};

export function toOklab(colour: Rgb): Rgb {
  const [r, g, b] = [toLinear(colour[0]), toLinear(colour[1]), toLinear(colour[2])];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Rgb): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** `part` of the way from one colour to the other. */
export function mix(from: Rgb, to: Rgb, part: number): Rgb {
  const [a, b] = [toOklab(from), toOklab(to)];
  return fromOklab([
    a[0] + (b[0] - a[0]) * part,
    a[1] + (b[1] - a[1]) * part,
    a[2] + (b[2] - a[2]) * part,
  ]);
}

export const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

/** The scale as 2·steps + 1 colours from −1 to 1; `floor` is the share of the pole that even zero gets. */
export function ramp(zero: string, negative: string, positive: string, steps: number, floor = 0): Rgb[] {
  const middle = parseColour(zero);
  const poles = [parseColour(negative), parseColour(positive)] as const;
  return Array.from({ length: 2 * steps + 1 }, (_, i) => {
    const part = (i - steps) / steps;
    const pole = part < 0 ? poles[0] : poles[1];
    return mix(middle, pole, part === 0 ? 0 : floor + (1 - floor) * Math.abs(part));
  });
}

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * toLinear(r) + 0.7152 * toLinear(g) + 0.0722 * toLinear(b);
}

/** WCAG contrast of two colours, 1…21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
