/** The edges of a network as a few batches of one colour and width each: one stroke a batch keeps 2,048 edges at 60 fps. */
import type { Segment } from "./layout";
import type { Palette } from "./palette";
import { css, ramp, share } from "./scale";

const STEPS = 12;
const FLOW_STEPS = 8;
const CHANGE_STEPS = 6;
const LARGEST_PULSE = 5.5;
/** Below this share of the strongest, a pulse would be smaller than a pixel can show. */
const FAINTEST = 0.004;

export interface EdgeLayer {
  segments: readonly Segment[];
  /** Number of inputs: edge (o, k) is cell o·inputs + k. */
  inputs: number;
}

const cellOf = (layer: EdgeLayer, segment: Segment): number => segment.out * layer.inputs + segment.in;

export function edgeColours(palette: Palette): string[] {
  return ramp(palette.line, palette.negativeLine, palette.positiveLine, STEPS).map(css);
}

/** Wider for larger weights; a dense layer is drawn finer, so that single edges stay visible. */
export function edgeWidth(part: number, edges = 1): number {
  const fine = Math.max(0.3, Math.min(1, Math.sqrt(90 / edges)));
  return (0.7 + 2.6 * Math.abs(part)) * fine;
}

/** Weights as lines. `weights` null: not known yet, all thin and grey. */
export function drawEdges(
  context: CanvasRenderingContext2D,
  layer: EdgeLayer,
  weights: ArrayLike<number> | null,
  scale: number,
  colours: readonly string[],
): void {
  const batches: Segment[][] = Array.from({ length: 2 * STEPS + 1 }, () => []);
  for (const segment of layer.segments) {
    const part = weights ? share(weights[cellOf(layer, segment)], scale) : 0;
    batches[Math.round((part + 1) * STEPS)]?.push(segment);
  }
  // The strongest last, so that they lie on top.
  for (let step = 0; step <= STEPS; step++) {
    for (const index of step === 0 ? [STEPS] : [STEPS - step, STEPS + step]) {
      strokeAll(context, batches[index] ?? [], colours[index] ?? "", edgeWidth(step / STEPS, layer.segments.length));
    }
  }
}

function strokeAll(
  context: CanvasRenderingContext2D,
  segments: readonly Segment[],
  colour: string,
  width: number,
): void {
  if (segments.length === 0) return;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  for (const { x1, y1, x2, y2 } of segments) {
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
  }
  context.stroke();
}

/** Slow at both ends. */
export const ease = (t: number): number => t * t * (3 - 2 * t);

/** 0 at both ends of a step, 1 in its middle. */
export const swell = (t: number): number => Math.sin(Math.PI * Math.max(0, Math.min(1, t)));

export interface Flow {
  colour: string;
  /** The ground, which keeps neighbouring pulses apart. */
  outline: string;
  /** From the outputs to the inputs. */
  reverse: boolean;
  /** 0…1: how far the pulses are. */
  at: number;
}

/** A pulse an edge; its area is in proportion to the strength. */
export function drawFlow(
  context: CanvasRenderingContext2D,
  layer: EdgeLayer,
  strengths: ArrayLike<number>,
  { colour, outline, reverse, at }: Flow,
): void {
  if (at <= 0 || at >= 1) return;
  let strongest = 0;
  for (const segment of layer.segments) {
    strongest = Math.max(strongest, Math.abs(strengths[cellOf(layer, segment)] ?? 0));
  }
  if (!(strongest > 0)) return;
  const batches: Segment[][] = Array.from({ length: FLOW_STEPS + 1 }, () => []);
  for (const segment of layer.segments) {
    const part = Math.abs(strengths[cellOf(layer, segment)] ?? 0) / strongest;
    if (part > FAINTEST) batches[Math.ceil(Math.sqrt(part) * FLOW_STEPS)]?.push(segment);
  }
  const head = ease(at);
  const tail = Math.max(0, head - 0.22 * swell(at));
  context.lineCap = "round";
  batches.forEach((segments, step) => {
    pulses(context, segments, (LARGEST_PULSE * step) / FLOW_STEPS, { colour, outline, reverse, at }, head, tail);
  });
  context.lineCap = "butt";
}

function pulses(
  context: CanvasRenderingContext2D,
  segments: readonly Segment[],
  radius: number,
  { colour, outline, reverse }: Flow,
  head: number,
  tail: number,
): void {
  if (segments.length === 0) return;
  const point = (s: Segment, t: number): [number, number] => {
    const along = reverse ? 1 - t : t;
    return [s.x1 + (s.x2 - s.x1) * along, s.y1 + (s.y2 - s.y1) * along];
  };
  context.strokeStyle = context.fillStyle = colour;
  context.globalAlpha = 0.3;
  context.lineWidth = Math.max(1, radius * 1.1);
  context.beginPath();
  for (const segment of segments) {
    context.moveTo(...point(segment, tail));
    context.lineTo(...point(segment, head));
  }
  context.stroke();
  context.globalAlpha = 1;
  context.beginPath();
  for (const segment of segments) {
    const [x, y] = point(segment, head);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.lineWidth = 1.5;
  context.strokeStyle = outline;
  context.stroke();
  context.fill();
}

/** The lines of a layer, wider and denser the larger the number of each. */
function drawSizes(
  context: CanvasRenderingContext2D,
  segments: readonly Segment[],
  sizeOf: (segment: Segment) => number,
  colour: string,
  { opacity, widest }: { opacity: number; widest: number },
): void {
  const largest = segments.reduce((most, segment) => Math.max(most, sizeOf(segment)), 0);
  if (!(largest > 0) || opacity <= 0) return;
  const batches: Segment[][] = Array.from({ length: CHANGE_STEPS + 1 }, () => []);
  for (const segment of segments) batches[Math.round((sizeOf(segment) / largest) * CHANGE_STEPS)]?.push(segment);
  batches.forEach((batch, step) => {
    if (step === 0) return;
    context.globalAlpha = opacity * (0.25 + (0.75 * step) / CHANGE_STEPS);
    strokeAll(context, batch, colour, (widest * (1 + (2 * step) / CHANGE_STEPS)) / 3);
  });
  context.globalAlpha = 1;
}

/** A gradient on its edges, from the outputs to the inputs; `reach` is how far it has come, `opacity` how much of it is seen. */
export function drawGradient(
  context: CanvasRenderingContext2D,
  layer: EdgeLayer,
  gradient: ArrayLike<number>,
  colour: string,
  { reach, opacity }: { reach: number; opacity: number },
): void {
  const part = ease(Math.max(0, Math.min(1, reach)));
  const segments = layer.segments.map((s) => ({ ...s, x1: s.x2 + (s.x1 - s.x2) * part, y1: s.y2 + (s.y1 - s.y2) * part }));
  const sizeOf = (segment: Segment): number => Math.abs(gradient[cellOf(layer, segment)] ?? 0);
  drawSizes(context, segments, sizeOf, colour, { opacity, widest: 6 });
}

/** A halo around each edge in proportion to how much its weight changes. */
export function drawChange(
  context: CanvasRenderingContext2D,
  layer: EdgeLayer,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  colour: string,
  strength: number,
): void {
  const change = (s: Segment): number => Math.abs((after[cellOf(layer, s)] ?? 0) - (before[cellOf(layer, s)] ?? 0));
  drawSizes(context, layer.segments, change, colour, { opacity: 0.65 * strength, widest: 10 });
}

/** Weights on their way from old to new. */
export function between(before: ArrayLike<number>, after: ArrayLike<number>, part: number): Float64Array {
  return Float64Array.from({ length: before.length }, (_, i) => {
    const old = before[i] ?? 0;
    return old + ((after[i] ?? old) - old) * part;
  });
}

/** Single edges that are pointed at. */
export function drawMarked(
  context: CanvasRenderingContext2D,
  segments: readonly Segment[],
  colour: string,
  dashed: boolean,
): void {
  if (dashed) context.setLineDash([5, 4]);
  strokeAll(context, segments, colour, dashed ? 2 : 3.5);
  context.setLineDash([]);
}

const GLOW = 7;
/** So many edges glow as wide as that; more of them less. */
const FEW_GLOW = 16;

/** A wide pale line under each edge of a path. */
export function drawGlow(context: CanvasRenderingContext2D, segments: readonly Segment[], colour: string): void {
  context.globalAlpha = 0.3;
  const narrower = Math.min(1, Math.sqrt(FEW_GLOW / Math.max(1, segments.length)));
  strokeAll(context, segments, colour, Math.max(2, GLOW * narrower));
  context.globalAlpha = 1;
}
