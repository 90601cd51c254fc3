/** The neurons' small pictures, on one canvas. */
import type { Layout } from "../../model/layout";
import type { Palette } from "../../model/palette";
import { css, mix, parseColour, share } from "../../model/scale";
import { paintValues, putPixels } from "./paint";
import type { Face, LayerNumbers } from "./types";

const BIAS = 0.2;
const CORNER = 0.28;
/** Pixels around a bias's dot that count as it. */
const BIAS_REACH = 6;

/** Half the side of a thumbnail. */
export const halfOf = (layout: Layout): number => layout.radius * 0.94;

export interface ThumbInk {
  palette: Palette;
  /** What turns pixels into something that can be drawn larger. */
  scratch: HTMLCanvasElement;
  biasScale: number;
}

function signed(palette: Palette, value: number | null, scale: number): string {
  const part = share(value, scale);
  return css(mix(parseColour(palette.zero), parseColour(part < 0 ? palette.negativeFill : palette.positiveFill), Math.abs(part)));
}

function drawCurve(context: CanvasRenderingContext2D, values: readonly number[], low: number, high: number, half: number, palette: Palette): void {
  const x = (i: number): number => -half + (2 * half * i) / (values.length - 1);
  const y = (value: number): number => half * 0.86 * (1 - (2 * (value - low)) / (high - low || 1));
  context.fillStyle = palette.zero;
  context.fillRect(-half, -half, 2 * half, 2 * half);
  context.lineWidth = 1;
  context.strokeStyle = palette.line;
  context.strokeRect(-half, y(0), 2 * half, 0);
  context.beginPath();
  values.forEach((value, i) => { context.lineTo(x(i), y(value)); });
  context.lineWidth = 1.7;
  context.lineJoin = "round";
  context.strokeStyle = palette.positiveLine;
  context.stroke();
}

function drawFace(context: CanvasRenderingContext2D, face: Face | undefined, half: number, { palette, scratch }: ThumbInk): void {
  if (face?.kind === "sheet") {
    const { rows, columns } = face.sheet;
    putPixels(scratch, paintValues(face.sheet, face.ramp, face.low, face.high), rows, columns);
    context.drawImage(scratch, -half, -half, 2 * half, 2 * half);
  } else if (face?.kind === "curve") {
    drawCurve(context, face.values, face.low, face.high, half, palette);
  } else {
    context.fillStyle = face ? signed(palette, face.value, face.scale) : palette.zero;
    context.fillRect(-half, -half, 2 * half, 2 * half);
  }
}

export function drawThumbs(context: CanvasRenderingContext2D, layout: Layout, faces: readonly (readonly Face[])[], layers: readonly LayerNumbers[], ink: ThumbInk): void {
  const half = halfOf(layout);
  for (const { layer, slots } of layout.columns) {
    for (const { unit, x, y } of slots) {
      context.save();
      context.translate(x, y);
      context.beginPath();
      context.roundRect(-half, -half, 2 * half, 2 * half, half * CORNER);
      context.save();
      context.clip();
      drawFace(context, faces[layer]?.[unit], half, ink);
      context.restore();
      context.beginPath();
      context.roundRect(-half, -half, 2 * half, 2 * half, half * CORNER);
      context.lineWidth = 1;
      context.strokeStyle = ink.palette.muted;
      context.stroke();
      if (layer > 0 && half > 7) drawBias(context, layers[layer - 1]?.b[unit] ?? null, half, ink);
      context.restore();
    }
  }
}

/** A dot at the lower left corner, coloured as a weight would be. */
function drawBias(context: CanvasRenderingContext2D, bias: number | null, half: number, { palette, biasScale }: ThumbInk): void {
  context.beginPath();
  context.arc(-half, half, Math.max(2.2, half * BIAS), 0, 2 * Math.PI);
  context.fillStyle = signed(palette, bias, biasScale);
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = palette.muted;
  context.stroke();
}

/** The neuron whose bias is drawn at a point, or near it. */
export function biasAt(layout: Layout, x: number, y: number, reach = BIAS_REACH): { layer: number; unit: number } | null {
  const half = halfOf(layout);
  for (const { layer, slots } of layout.columns.slice(1)) {
    const slot = slots.find((each) => Math.hypot(x - each.x + half, y - each.y - half) <= reach);
    if (slot) return { layer, unit: slot.unit };
  }
  return null;
}

/** The outline of the picked neuron, or of the one under the pointer. */
export function drawOutline(context: CanvasRenderingContext2D, layout: Layout, layer: number, unit: number, colour: string, width: number): void {
  const slot = layout.columns[layer]?.slots.find((each) => each.unit === unit);
  if (!slot) return;
  const half = halfOf(layout) + 2.5;
  context.beginPath();
  context.roundRect(slot.x - half, slot.y - half, 2 * half, 2 * half, half * CORNER);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}
