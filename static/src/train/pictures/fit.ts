/** The lines of a fit on its canvas. */
export interface Stroke {
  colour: string;
  width: number;
  dash?: readonly number[];
}

type Place = readonly [number, number];

function stroke(context: CanvasRenderingContext2D, { colour, width, dash = [] }: Stroke): void {
  context.lineWidth = width;
  context.lineJoin = "round";
  context.strokeStyle = colour;
  context.setLineDash([...dash]);
  context.stroke();
  context.setLineDash([]);
}

/** A line through these places. */
export function drawCurve(context: CanvasRenderingContext2D, places: readonly Place[], look: Stroke): void {
  context.beginPath();
  for (const [x, y] of places) context.lineTo(x, y);
  stroke(context, look);
}

/** An upright line from each mark to what the network says there. */
export function drawResiduals(context: CanvasRenderingContext2D, marks: readonly { x: number; y: number; end: number | null }[], look: Stroke): void {
  context.beginPath();
  for (const { x, y, end } of marks) {
    if (end === null) continue;
    context.moveTo(x, y);
    context.lineTo(x, end);
  }
  stroke(context, look);
}
