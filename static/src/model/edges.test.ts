import { expect, test } from "vitest";
import { between, drawChange, drawEdges, drawFlow, drawGradient, edgeColours, edgeWidth, swell, type EdgeLayer } from "./edges";
import { networkLayout, segments } from "./layout";
import type { Palette } from "./palette";

const palette = {
  line: "rgb(200 200 200)",
  positiveLine: "rgb(0 0 255)",
  negativeLine: "rgb(255 120 0)",
} as unknown as Palette;

/** Writes down what is drawn. */
function recorder(): { context: CanvasRenderingContext2D; strokes: { colour: string; lines: number }[]; arcs: () => number } {
  const strokes: { colour: string; lines: number }[] = [];
  let [lines, arcs] = [0, 0];
  const context = {
    strokeStyle: "",
    beginPath: () => (lines = 0),
    moveTo: () => undefined,
    lineTo: () => (lines += 1),
    arc: () => (arcs += 1),
    fill: () => undefined,
    stroke() {
      strokes.push({ colour: this.strokeStyle, lines });
    },
  };
  return { context: context as unknown as CanvasRenderingContext2D, strokes, arcs: () => arcs };
}

const layer: EdgeLayer = { segments: segments(networkLayout([64, 64], 800), 1), inputs: 64 };
const weights = Float64Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i));

test("edges of one colour are one stroke, and every edge is drawn once", () => {
  const { context, strokes } = recorder();
  drawEdges(context, layer, weights, 1, edgeColours(palette));
  expect(strokes.length).toBeLessThanOrEqual(25);
  expect(strokes.reduce((sum, stroke) => sum + stroke.lines, 0)).toBe(layer.segments.length);
});

test("the ends of the scale have the theme's colours and the greatest width", () => {
  const one: EdgeLayer = { segments: segments(networkLayout([2, 1], 400), 1), inputs: 2 };
  const { context, strokes } = recorder();
  drawEdges(context, one, [-2, 2], 2, edgeColours(palette));
  expect(strokes.map(({ colour }) => colour)).toEqual(["rgb(255 120 0)", "rgb(0 0 255)"]);
  expect(edgeWidth(1)).toBeGreaterThan(edgeWidth(0.5));
  expect(edgeWidth(1, 576)).toBeLessThan(edgeWidth(1, 35));
});

test("pulses run only on edges that carry something, and only within the step", () => {
  const one: EdgeLayer = { segments: segments(networkLayout([2, 1], 400), 1), inputs: 2 };
  const count = (at: number): number => {
    const { context, arcs } = recorder();
    drawFlow(context, one, [0, 3], { colour: "rgb(1 1 1)", outline: "rgb(9 9 9)", reverse: false, at });
    return arcs();
  };
  expect([0, 0.5, 1].map(count)).toEqual([0, 1, 0]);
});

test("nothing glows where nothing changes", () => {
  const { context, strokes } = recorder();
  drawChange(context, layer, weights, weights, "rgb(0 1 0)", 1);
  expect(strokes).toEqual([]);
});

test("between two sets of weights", () => {
  expect(Array.from(between([0, 2], [1, 0], 0.5))).toEqual([0.5, 1]);
  expect(swell(0.5)).toBe(1);
  expect(swell(0)).toBe(0);
});

test("a gradient grows from the outputs, its largest edge drawn most clearly", () => {
  const { context, strokes } = recorder();
  const two: EdgeLayer = { segments: segments(networkLayout([1, 2], 400), 1), inputs: 1 };
  drawGradient(context, two, [0.1, -0.4], "rose", { reach: 1, opacity: 1 });
  expect(strokes.map(({ lines }) => lines).filter(Boolean)).toEqual([1, 1]);
  expect(new Set(strokes.map(({ colour }) => colour))).toEqual(new Set(["rose"]));
  const before = strokes.length;
  drawGradient(context, two, [0, 0], "rose", { reach: 1, opacity: 1 });
  expect(strokes).toHaveLength(before);
});
