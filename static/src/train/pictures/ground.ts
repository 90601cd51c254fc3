/** What the plane shows under its points, as pixels and as a legend. */
import type { Palette } from "../../model/palette";
import { scaleOf, css, type Rgb } from "../../model/scale";
import { classColour, classRamp, pixelAt, signedRamp, stopsOf, twoClassRamp } from "./colours";
import type { PointMark } from "./marks";
import { boundaries, paintClasses, paintValues } from "./paint";
import type { PictureData, Predictions, Regions, Sheet } from "./types";
import { pointsOf, reachOf } from "./view";

export interface Ground {
  pixels: Uint32Array;
  rows: number;
  columns: number;
  /** Where the predicted class changes. */
  lines: Float32Array | null;
}

/** A bar of colours with what stands at its ends. */
export interface Bar {
  label: string;
  stops: string;
  low: number;
  high: number;
}

/** The values that a regression's colours span: those of its targets. */
export const targetReach = (data: PictureData): number => scaleOf(data.Y.map(([value]) => value ?? null));

export function groundOf(data: PictureData, { outputs }: Regions, palette: Palette, discrete: boolean): Ground | null {
  const [first] = outputs;
  if (!first) return null;
  const { rows, columns } = first;
  if (data.task === "regression") {
    const reach = targetReach(data);
    return { pixels: paintValues(first, signedRamp(palette), -reach, reach, discrete), rows, columns, lines: null };
  }
  const pixels = outputs.length === 1
    ? paintValues(first, twoClassRamp(palette), 0, 1, discrete)
    : paintClasses(outputs, outputs.map((_, k) => classRamp(palette, k)), discrete);
  return { pixels, rows, columns, lines: boundaries(outputs) };
}

/** One hidden neuron as the ground. */
export function neuronGround(sheet: Sheet, palette: Palette): Ground {
  const reach = reachOf([sheet]);
  const { rows, columns } = sheet;
  return { pixels: paintValues(sheet, signedRamp(palette), -reach, reach), rows, columns, lines: null };
}

/** A class by its name; one that is a number says what it is. */
export const className = (data: PictureData, index: number): string => {
  const name = data.classes?.[index] ?? String(index);
  return /^\d+$/.test(name) ? `class ${name}` : name;
};

/** What the network's one output is. */
export function outputName(data: PictureData, activation: string): string {
  if (data.task === "regression") return data.targets[0] ?? "output";
  return activation === "sigmoid" ? `probability of ${className(data, 1)}` : `output (1 is ${className(data, 1)})`;
}

export function barOf(data: PictureData, palette: Palette, neuron: Sheet | null, name: string): Bar | null {
  if (neuron) {
    const reach = reachOf([neuron]);
    return { label: "the neuron's value", stops: stopsOf(signedRamp(palette)), low: -reach, high: reach };
  }
  if (data.task === "regression") {
    const reach = targetReach(data);
    return { label: name, stops: stopsOf(signedRamp(palette)), low: -reach, high: reach };
  }
  if ((data.classes?.length ?? 2) > 2) return null;
  return { label: name, stops: stopsOf(twoClassRamp(palette)), low: 0, high: 1 };
}

const unpack = (pixel: number): Rgb => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
/** So many different colours are enough for targets, and let their marks be drawn in groups. */
const TARGET_STEPS = 24;

/** The colour of a row's target. */
export function colourOf(data: PictureData, row: number, palette: Palette): string {
  if (data.labels) return classColour(palette, data.labels[row] ?? 0);
  const reach = targetReach(data);
  return targetColours(reach, palette)(data.Y[row]?.[0] ?? 0);
}

function targetColours(reach: number, palette: Palette): (value: number) => string {
  const ramp = signedRamp(palette);
  return (value) => css(unpack(pixelAt(ramp, (Math.round((value / reach) * TARGET_STEPS) / TARGET_STEPS) * reach, -reach, reach)));
}

type Place = (point: readonly number[]) => readonly [number, number];

/** Every point of the data as it is drawn; test rows may be left out. */
export function marksOf(data: PictureData, predictions: Predictions | null, palette: Palette, place: Place, showTest: boolean): (PointMark & { row: number })[] {
  const { labels } = data;
  const targetColour = labels ? null : targetColours(targetReach(data), palette);
  const isTest = new Set(data.test);
  const points = pointsOf(data);
  const rows = showTest ? points.map((_, row) => row) : data.train;
  return [...rows].map((row) => {
    const [x, y] = place(points[row] ?? []);
    const tests = isTest.has(row);
    return {
      row, x, y,
      colour: targetColour ? targetColour(data.Y[row]?.[0] ?? 0) : classColour(palette, labels?.[row] ?? 0),
      shape: labels ? (labels[row] ?? 0) : tests ? 3 : 0,
      isHollow: labels !== null && tests,
      isWrong: predictions?.correct?.[row] === false,
    };
  });
}
