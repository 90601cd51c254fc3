/** Data points on a canvas: shape says the class, a hollow one is a test row, a ring says it is wrong. */
export interface PointMark {
  x: number;
  y: number;
  colour: string;
  shape: number;
  isHollow: boolean;
  isWrong: boolean;
}

export interface Ink {
  outline: string;
  ring: string;
}

const RADIUS = 4.2;
const RING = 7.5;
/** How much wider the ring of a point is that is off by all that the targets span. */
const OFF_REACH = 14;
/** Corners of the shapes after the circle: square, triangle, diamond, pentagon, and again. */
const CORNERS = [0, 4, 3, 4, 5] as const;
const TURNS = [0, Math.PI / 4, Math.PI / 2, 0, Math.PI / 2] as const;
/** Corners stand out farther, so that all shapes look equally large. */
const SIZES = [1, 1.18, 1.35, 1.28, 1.15] as const;
export const SHAPES = ["circle", "square", "triangle", "diamond", "pentagon"] as const;

export function outlineOf(shape: number, x: number, y: number, radius: number): [number, number][] {
  const kind = shape % CORNERS.length;
  const [corners = 0, turn = 0, size = 1] = [CORNERS[kind], TURNS[kind], SIZES[kind]];
  return Array.from({ length: corners }, (_, i): [number, number] => {
    const angle = turn + (2 * Math.PI * i) / corners;
    return [x + radius * size * Math.cos(angle), y - radius * size * Math.sin(angle)];
  });
}

function trace(context: CanvasRenderingContext2D, shape: number, x: number, y: number, radius: number): void {
  const corners = outlineOf(shape, x, y, radius);
  if (corners.length === 0) {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([cx, cy], i) => { if (i === 0) context.moveTo(cx, cy); else context.lineTo(cx, cy); });
  context.closePath();
}

/** Few enough points are drawn large, many small. */
export const sizeFor = (count: number): number => Math.max(0.6, Math.min(1, Math.sqrt(320 / Math.max(1, count))));

export function drawMarks(context: CanvasRenderingContext2D, marks: readonly PointMark[], ink: Ink, size = sizeFor(marks.length)): void {
  context.lineJoin = "round";
  for (const group of groupsOf(marks)) {
    const [{ colour, isHollow } = { colour: "", isHollow: false }] = group;
    context.beginPath();
    for (const { shape, x, y } of group) trace(context, shape, x, y, RADIUS * size);
    context.lineWidth = isHollow ? 4 * size : 2.4 * size;
    context.strokeStyle = ink.outline;
    context.stroke();
    context.fillStyle = isHollow ? ink.outline : colour;
    context.fill();
    if (!isHollow) continue;
    context.lineWidth = 1.9 * size;
    context.strokeStyle = colour;
    context.stroke();
  }
  drawRings(context, marks.filter(({ isWrong }) => isWrong), ink, size);
}

/** Marks of one look are drawn at once. */
function groupsOf(marks: readonly PointMark[]): PointMark[][] {
  const groups = new Map<string, PointMark[]>();
  for (const mark of marks) {
    const key = `${mark.colour} ${String(mark.isHollow)}`;
    const group = groups.get(key);
    if (group) group.push(mark);
    else groups.set(key, [mark]);
  }
  return [...groups.values()];
}

function drawRings(context: CanvasRenderingContext2D, wrong: readonly PointMark[], ink: Ink, size: number): void {
  context.beginPath();
  for (const { x, y } of wrong) {
    context.moveTo(x + RING * size, y);
    context.arc(x, y, RING * size, 0, 2 * Math.PI);
  }
  context.lineWidth = 1.4;
  context.strokeStyle = ink.ring;
  context.stroke();
}

/** How far off the network is at each point: a ring around it, the wider the farther. */
export function drawOff(context: CanvasRenderingContext2D, marks: readonly (PointMark & { off: number })[], ink: Ink, size = sizeFor(marks.length)): void {
  context.beginPath();
  for (const { x, y, off } of marks) {
    const radius = (RADIUS + OFF_REACH * Math.min(1, off)) * size;
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.lineWidth = 1;
  context.strokeStyle = ink.ring;
  context.stroke();
}

/** The picked point: a ring of its own, wider than that of a mistake. */
export function drawPicked(context: CanvasRenderingContext2D, { x, y }: PointMark, ink: Ink): void {
  for (const [width, colour] of [[5, ink.outline], [2, ink.ring]] as const) {
    context.beginPath();
    context.arc(x, y, 10.5, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}
