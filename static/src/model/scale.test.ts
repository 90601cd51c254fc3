/// <reference types="node" />
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contrast, css, fill, mix, parseColour, ramp, scaleOf, share, toOklab, type Rgb } from "./scale";

const theme = readFileSync(new URL("../theme.css", `file://${import.meta.filename}`), "utf8");

/** A colour of the theme file, as it is written there. */
function colour(name: string, dark: boolean): string {
  const pair = new RegExp(`\\n {2}${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(theme);
  const found = pair?.[dark ? 2 : 1];
  if (!found) throw new Error(`${name} isn't in theme.css`);
  return found;
}

// Machado, Oliveira and Fernandes (2009), full severity, on linear light.
const simulations = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
};

function seen(rgb: Rgb, matrix: number[]): Rgb {
  const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const back = [0, 1, 2].map((row) => {
    const c = linear.reduce((sum, x, i) => sum + x * (matrix[row * 3 + i] ?? 0), 0);
    const clipped = Math.max(0, Math.min(1, c));
    return 255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055);
  });
  return [back[0] ?? 0, back[1] ?? 0, back[2] ?? 0];
}

function distance(one: Rgb, other: Rgb): number {
  const [a, b] = [toOklab(one), toOklab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

describe.each([
  ["light", false],
  ["dark", true],
])("in the %s theme", (_, dark) => {
  const at = (name: string): string => colour(name, dark);
  const scale = ramp(at("--zero"), at("--negative-fill"), at("--positive-fill"), 20);

  test("text has a contrast of at least 4.5 on every colour of the scale", () => {
    for (const step of scale) expect(contrast(parseColour(at("--text")), step)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(["--bg", "--surface", "--surface-raised", "--hover"])("every text colour is legible on %s", (ground) => {
    const texts = ["--text", "--text-muted", "--positive", "--negative", "--forward", "--loss", "--backward"];
    for (const name of [...texts, "--update", "--error", "--focus"]) {
      expect(contrast(parseColour(at(name)), parseColour(at(ground))), name).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(Object.entries(simulations))("signs differ under %s", (_name, matrix) => {
    for (let i = 8; i <= 20; i++) {
      const [minus, plus] = [scale[20 - i], scale[20 + i]];
      if (!minus || !plus) throw new Error("the scale is too short");
      expect(distance(seen(minus, matrix), seen(plus, matrix))).toBeGreaterThan(0.07);
    }
  });

  test("the farther from zero, the farther from the background", () => {
    const away = scale.map((step) => distance(step, parseColour(at("--zero"))));
    for (let i = 20; i < 40; i++) expect(away[i + 1]).toBeGreaterThan(away[i] ?? 0);
    for (let i = 20; i > 0; i--) expect(away[i - 1]).toBeGreaterThan(away[i] ?? 0);
  });
});

test("a share is the value over the scale, within −1…1", () => {
  expect(share(1, 4)).toBe(0.25);
  expect(share(-9, 4)).toBe(-1);
  expect(share(Infinity, 4)).toBe(1);
  expect(share(null, 4)).toBe(0);
  expect(share(NaN, 4)).toBe(0);
  expect(share(-2, 0)).toBe(-1);
});

test("the scale of several tensors is their largest finite size", () => {
  expect(scaleOf([1, -3], null, new Float64Array([2, -Infinity]))).toBe(3);
  expect(scaleOf([0, null])).toBe(1);
});

test("fills name the theme's colours, not their own", () => {
  expect(fill(0.5, 1)).toBe("color-mix(in oklab, var(--positive-fill) 50.0%, var(--zero))");
  expect(fill(-0.25, 1)).toBe("color-mix(in oklab, var(--negative-fill) 25.0%, var(--zero))");
});

test("colours are read in each way a browser writes them", () => {
  expect(parseColour("#fff")).toEqual([255, 255, 255]);
  expect(parseColour("#102030")).toEqual([16, 32, 48]);
  expect(parseColour("rgb(1, 2, 3)")).toEqual([1, 2, 3]);
  expect(css(mix([10, 20, 30], [200, 100, 50], 0))).toBe("rgb(10 20 30)");
  expect(mix([10, 20, 30], [200, 100, 50], 1)).toEqual([200, 100, 50]);
});
