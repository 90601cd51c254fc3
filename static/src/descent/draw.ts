/** The picture on its two canvases: the surface from above, and the paths over it. Nothing here knows the page. */
import { contours as contoursOf, type ContourMultiPolygon } from "d3-contour";
import { interpolateRgb } from "d3-interpolate";
import { scaleLinear, type ScaleLinear } from "d3-scale";
import type { Palette } from "../model/palette";
import { formatCell } from "../model/format";
import { LETTERS, DASHES } from "./setup";
import { levelsOf, thinned } from "./scales";
import type { Field, Optimum, Path, Window } from "./types";

type Scale = ScaleLinear<number, number>;
const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const MOST_DRAWN = 1500;
const MOST_DOTS = 400;
/** Dots nearer than this would hide the line. */
const APART = 7;
const FAR = 1e5;
/** Levels are rounded already. */
const LEVEL_DIGITS = 10;

export interface Plane {
  x: Scale;
  y: Scale;
  width: number;
  height: number;
}

export function planeOf([x = [0, 1], y = [0, 1]]: Window, width: number, height: number): Plane {
  return { x: scaleLinear(x, [0, width]), y: scaleLinear(y, [height, 0]), width, height };
}

export interface Contours {
  levels: readonly number[];
  shapes: readonly ContourMultiPolygon[];
  field: Field;
}

export function contoursIn(field: Field, isPeak: boolean): Contours {
  const [rows = 0, columns = 0] = field.shape;
  const values = field.values.map((value) => value ?? NaN);
  const levels = levelsOf(field.values, isPeak);
  return { levels, shapes: contoursOf().size([columns, rows]).thresholds(levels)(values), field };
}

/** From the grid's coordinates to the plot's: a sample stands in the middle of its cell. */
function placing({ field }: Contours, plane: Plane): (point: readonly number[]) => [number, number] {
  const side = (ends: readonly number[], scale: Scale): ((at: number) => number) => {
    const step = ((ends.at(-1) ?? 1) - (ends[0] ?? 0)) / (ends.length - 1 || 1);
    return (at) => scale((ends[0] ?? 0) + (at - 0.5) * step);
  };
  const [x, y] = [side(field.x, plane.x), side(field.y ?? [], plane.y)];
  return ([a = 0, b = 0]) => [x(a), y(b)];
}

function ringsOf(shape: ContourMultiPolygon): number[][][] {
  return shape.coordinates.flat();
}

export function drawSurface(context: CanvasRenderingContext2D, contours: Contours, plane: Plane, palette: Palette): void {
  const place = placing(contours, plane);
  const shade = interpolateRgb(palette.fieldLow, palette.fieldHigh);
  context.fillStyle = palette.fieldLow;
  context.fillRect(0, 0, plane.width, plane.height);
  context.strokeStyle = palette.fieldLine;
  context.lineJoin = "round";
  contours.shapes.forEach((shape, i) => {
    context.beginPath();
    for (const ring of ringsOf(shape)) {
      ring.forEach((point, j) => {
        const [x, y] = place(point);
        if (j === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      });
    }
    context.fillStyle = shade((i + 1) / contours.shapes.length);
    context.fill("evenodd");
    context.lineWidth = i % 2 === 0 ? 1 : 0.6;
    context.stroke();
  });
  drawGrid(context, plane, palette);
  drawLevels(context, contours, place, plane, palette);
}

/** Light lines at the ticks, so that a point can be read off. */
function drawGrid(context: CanvasRenderingContext2D, { x, y, width, height }: Plane, palette: Palette): void {
  context.save();
  context.globalAlpha = 0.16;
  context.strokeStyle = palette.muted;
  context.lineWidth = 1;
  context.beginPath();
  for (const at of x.ticks(7).map((tick) => Math.round(x(tick)) + 0.5)) {
    context.moveTo(at, 0);
    context.lineTo(at, height);
  }
  for (const at of y.ticks(6).map((tick) => Math.round(y(tick)) + 0.5)) {
    context.moveTo(0, at);
    context.lineTo(width, at);
  }
  context.stroke();
  context.restore();
}

/** The value on every second level, where no other stands near. */
function drawLevels(context: CanvasRenderingContext2D, { shapes, levels }: Contours, place: (point: readonly number[]) => [number, number], plane: Plane, palette: Palette): void {
  const taken: [number, number][] = [];
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "middle";
  shapes.forEach((shape, i) => {
    if (i % 2 === 1) return;
    const inside = ringsOf(shape)
      .flat()
      .map(place)
      .filter(([x, y]) => x > 26 && y > 14 && x < plane.width - 26 && y < plane.height - 14);
    const gap = (point: [number, number]): number => Math.min(...taken.map(([x, y]) => Math.hypot(x - point[0], 2 * (y - point[1]))), 150);
    let best: [number, number] | undefined;
    for (const point of inside) if (!best || gap(point) > gap(best) + 4) best = point;
    if (!best || gap(best) < 50) return;
    taken.push(best);
    write(context, formatCell(levels[i] ?? 0, LEVEL_DIGITS), best, palette.muted, palette.fieldHigh);
  });
}

/** Text with a rim of the ground's colour, readable on any line. */
export function write(context: CanvasRenderingContext2D, text: string, [x, y]: readonly [number, number], colour: string, rim: string): void {
  context.lineWidth = 3.5;
  context.lineJoin = "round";
  context.strokeStyle = rim;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

export const runColour = (palette: Palette, i: number): string =>
  [palette.run1, palette.run2, palette.run3, palette.run4, palette.run5, palette.run6, palette.run7, palette.run8][i % 8] ?? palette.text;

const limited = (value: number): number => Math.max(-FAR, Math.min(FAR, value));

export function pixelOf(path: Path, k: number, { x, y }: Plane): [number, number] {
  const [a, b] = path.theta[k] ?? [];
  return [limited(x(a ?? NaN)), limited(y(b ?? NaN))];
}

/** Where a run stands between two iterations, in pixels. */
function standing(path: Path, at: number, plane: Plane): [number, number] {
  const k = Math.min(Math.floor(at), path.iterations);
  const [x, y] = pixelOf(path, k, plane);
  const share = at - k;
  if (k >= path.iterations || share <= 0) return [x, y];
  const [u, v] = pixelOf(path, k + 1, plane);
  return [x + (u - x) * share, y + (v - y) * share];
}

export function drawPath(context: CanvasRenderingContext2D, path: Path, i: number, at: number, isSelected: boolean, plane: Plane, palette: Palette): void {
  const last = Math.min(Math.floor(at), path.iterations);
  const colour = runColour(palette, i);
  const places = thinned(last + 1, MOST_DRAWN).map((k) => pixelOf(path, k, plane));
  const end = standing(path, at, plane);
  context.lineJoin = "round";
  context.beginPath();
  for (const [x, y] of [...places, end]) context.lineTo(x, y);
  context.setLineDash([]);
  context.strokeStyle = palette.fieldHigh;
  context.lineWidth = isSelected ? 5 : 4;
  context.globalAlpha = 0.6;
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash([...(DASHES[i] ?? [])]);
  context.strokeStyle = colour;
  context.lineWidth = isSelected ? 2.4 : 1.6;
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = colour;
  context.strokeStyle = palette.fieldHigh;
  context.lineWidth = 1;
  if (last <= MOST_DOTS) {
    let before: readonly [number, number] = [NaN, NaN];
    for (const [x, y] of places) {
      if (Math.hypot(x - before[0], y - before[1]) < APART) continue;
      before = [x, y];
      context.beginPath();
      context.arc(x, y, isSelected ? 3.2 : 2.4, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }
  drawMarker(context, end, i, colour, isSelected, palette);
}

function drawMarker(context: CanvasRenderingContext2D, [x, y]: [number, number], i: number, colour: string, isSelected: boolean, palette: Palette): void {
  context.beginPath();
  context.arc(x, y, isSelected ? 9.5 : 7.5, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = isSelected ? palette.text : palette.fieldHigh;
  context.stroke();
  context.font = `700 ${isSelected ? "11" : "9"}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = palette.surface;
  context.fillText(LETTERS[i] ?? "", x, y + 0.5);
}

/** What an optimum is called in a picture. */
export const SIGNS: Readonly<Record<string, string>> = { minimum: "min", maximum: "max", saddle: "saddle" };

export function drawOptima(context: CanvasRenderingContext2D, optima: readonly Optimum[], { x, y }: Plane, palette: Palette): void {
  for (const { kind, at: [a = 0, b = 0] } of optima) {
    const [u, v] = [x(a), y(b)];
    context.beginPath();
    for (const [dx, dy] of [[-5, 0], [0, -5]] as const) {
      context.moveTo(u + dx, v + dy);
      context.lineTo(u - dx, v - dy);
    }
    context.lineWidth = 1.8;
    context.strokeStyle = palette.text;
    context.stroke();
    context.font = FONT;
    context.textAlign = "left";
    context.textBaseline = "middle";
    write(context, SIGNS[kind] ?? kind, [u + 8, v + 11], palette.text, palette.fieldHigh);
  }
}

const ARROW = 58;

/** The gradient at a point, at right angles to the level curve; the dashes are the curve's direction there. */
export function drawGradient(context: CanvasRenderingContext2D, [x, y]: [number, number], gradient: readonly (number | null)[], { height }: Plane, palette: Palette): void {
  const [a, b] = [gradient[0] ?? 0, gradient[1] ?? 0];
  const size = Math.hypot(a, b);
  if (!(size > 0) || !Number.isFinite(size)) return;
  const [dx, dy] = [a / size, -b / size];
  const [u, v] = [x + dx * ARROW, y + dy * ARROW];
  context.strokeStyle = palette.text;
  context.fillStyle = palette.text;
  context.lineWidth = 1.4;
  context.setLineDash([4, 4]);
  context.beginPath();
  context.moveTo(x - dy * 40, y + dx * 40);
  context.lineTo(x + dy * 40, y - dx * 40);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(u - dx * 8, v - dy * 8);
  context.stroke();
  context.beginPath();
  context.moveTo(u, v);
  context.lineTo(u - dx * 10 - dy * 4.5, v - dy * 10 + dx * 4.5);
  context.lineTo(u - dx * 10 + dy * 4.5, v - dy * 10 - dx * 4.5);
  context.fill();
  context.font = `600 ${FONT}`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  write(context, "∇f", [u + dx * 13, v + dy * 11], palette.text, palette.fieldHigh);
  context.textAlign = "left";
  write(context, `∇f = (${formatCell(a)}, ${formatCell(b)})`, [10, height - 14], palette.text, palette.fieldHigh);
}
