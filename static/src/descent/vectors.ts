/** Arrows on the plot: the step taken, its parts head to tail, and the directions of the modes. */
import type { Palette } from "../model/palette";
import { runColour, write, type Plane } from "./draw";
import type { Part } from "./parts";
import type { Path, Point } from "./types";

type Pixel = readonly [number, number];
/** A direction without a length of its own. */
const LENGTH = 46;
/** Shorter arrows hide in the marker. */
const SHORTEST = 5;
/** From here on there is room for a name. */
const NAMED = 26;
const HEAD = 9;
const FAR = 1e5;

function pixelAt([a, b]: readonly (number | null)[], { x, y }: Plane): Pixel {
  const limited = (value: number): number => Math.max(-FAR, Math.min(FAR, value));
  return [limited(x(a ?? NaN)), limited(y(b ?? NaN))];
}

interface Look {
  colour: string;
  rim: string;
  width: number;
  dashes?: readonly number[];
  label?: string;
  /** Where the name stands: 1 on the right of the arrow, −1 on the left. */
  side?: 1 | -1;
}

function drawArrow(context: CanvasRenderingContext2D, [x, y]: Pixel, [u, v]: Pixel, { colour, rim, width, dashes = [], label = "", side = 1 }: Look): void {
  const length = Math.hypot(u - x, v - y);
  if (!(length >= SHORTEST)) return;
  const [dx, dy] = [(u - x) / length, (v - y) / length];
  const head = Math.min(HEAD, 0.7 * length);
  context.save();
  context.lineCap = "round";
  for (const [stroke, thickness] of [[rim, width + 2.5], [colour, width]] as const) {
    context.strokeStyle = stroke;
    context.lineWidth = thickness;
    context.setLineDash(stroke === rim ? [] : [...dashes]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(u - dx * head, v - dy * head);
    context.stroke();
  }
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(u, v);
  context.lineTo(u - dx * head - dy * head / 2, v - dy * head + dx * head / 2);
  context.lineTo(u - dx * head + dy * head / 2, v - dy * head - dx * head / 2);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
  context.restore();
  if (label && length >= NAMED) nameArrow(context, label, [(x + u) / 2 - side * dy * 16, (y + v) / 2 + side * dx * 16], colour, rim);
}

function nameArrow(context: CanvasRenderingContext2D, label: string, at: Pixel, colour: string, rim: string): void {
  context.font = "600 11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  write(context, label, at, colour, rim);
}

/** The step from point k to the next. */
export function drawStep(context: CanvasRenderingContext2D, path: Path, k: number, i: number, plane: Plane, palette: Palette): void {
  const [from, to] = [pixelAt(path.theta[k] ?? [], plane), pixelAt(path.theta[k + 1] ?? [], plane)];
  drawArrow(context, from, to, { colour: runColour(palette, i), rim: palette.fieldHigh, width: 2.2, label: "Δθ", side: -1 });
}

/** The parts of a step, head to tail from a point; a direction stands at the point by itself. */
export function drawVectors(context: CanvasRenderingContext2D, from: readonly (number | null)[], parts: readonly Part[], plane: Plane, palette: Palette): void {
  let at: Point = from.map((value) => value ?? NaN);
  for (const { label, kind, vector } of parts) {
    const tail = pixelAt(at, plane);
    const next = at.map((value, j) => value + (vector[j] ?? NaN));
    const head = pixelAt(next, plane);
    const colour = kind === "gradient" ? palette.backward : palette.forward;
    const look = { colour, rim: palette.fieldHigh, width: 1.7, label, ...(kind === "direction" ? { dashes: [5, 3] } : {}) };
    drawArrow(context, tail, kind === "direction" ? pointing(tail, head) : head, look);
    if (kind !== "direction") at = next;
  }
}

/** So many pixels from the tail towards the head. */
function pointing([x, y]: Pixel, [u, v]: Pixel): Pixel {
  const length = Math.hypot(u - x, v - y);
  return [x + ((u - x) / length) * LENGTH, y + ((v - y) / length) * LENGTH];
}

/** Thin lines through the centre along the eigenvectors, named where they leave the picture. */
export function drawDirections(context: CanvasRenderingContext2D, center: Point, eigenvectors: readonly Point[], plane: Plane, palette: Palette): void {
  const [u, v] = pixelAt(center, plane);
  eigenvectors.forEach((vector, i) => {
    const [a, b] = pixelAt(center.map((value, j) => value + (vector[j] ?? 0)), plane);
    const length = Math.hypot(a - u, b - v);
    const [dx, dy] = [(a - u) / length, (b - v) / length];
    const reach = 2 * (plane.width + plane.height) + Math.hypot(u, v);
    context.save();
    context.strokeStyle = palette.text;
    context.lineWidth = 1;
    context.setLineDash([8, 3, 2, 3]);
    context.beginPath();
    context.moveTo(u - dx * reach, v - dy * reach);
    context.lineTo(u + dx * reach, v + dy * reach);
    context.stroke();
    context.restore();
    const end = edge([u, v], [dx, dy], plane);
    if (end) nameArrow(context, `λ${["₁", "₂"][i] ?? ""}`, end, palette.text, palette.fieldHigh);
  });
}

/** Where a ray comes near the edge of the picture: there is room for a name. */
function edge([x, y]: Pixel, [dx, dy]: Pixel, { width, height }: Plane): Pixel | null {
  const margin = 16;
  const reach = (at: number, by: number, size: number): number => (by > 0 ? (size - margin - at) / by : by < 0 ? (margin - at) / by : Infinity);
  const length = Math.min(reach(x, dx, width), reach(y, dy, height));
  return length > margin && Number.isFinite(length) ? [x + dx * length - dy * 12, y + dy * length + dx * 12] : null;
}
