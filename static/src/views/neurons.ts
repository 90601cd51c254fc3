/** What each neuron shows at a moment: its value before and after the step that runs, its gradient and its halo. */
import { ease, swell } from "../model/edges";
import { formatCell } from "../model/format";
import { scaleOf } from "../model/scale";
import type { Content, Grid, Motion } from "./types";

const MOST_STRIPES = 24;
const ARRIVAL = 0.72;
const nothing: Content = { values: [], scale: 1 };

/** What a neuron shows before and after the step that runs. */
export interface Change {
  before: Content;
  after: Content;
}

/** How far a column is, the same for all of its neurons: the only thing that is new in each frame. */
export interface Stage {
  /** 0: before, 1: after. */
  blend: number;
  halo: Motion["kind"] | "";
  strength: number;
}

/** What makes or changes the weights' numbers leaves the neurons alone. */
export const isOfEdges = ({ kind }: Motion): boolean => kind === "update" || kind === "gradient";

/** The column a motion ends at. */
export function receiver(motion: Motion): number {
  return motion.kind === "backward" ? motion.layer - 1 : motion.layer;
}

/** One unit of a grid: the chosen sample, or a stripe a sample (some of them where there are very many). */
export function contentOf(grid: Grid | null, scale: number, unit: number, sample: number | null): Content {
  if (!grid) return nothing;
  const at = (row: number): number | null => grid.data[row * grid.columns + unit] ?? null;
  if (sample !== null) return { values: [at(Math.min(sample, grid.rows - 1))], scale };
  const count = Math.min(grid.rows, MOST_STRIPES);
  const values = Array.from({ length: count }, (_, i) => at(Math.floor((i * grid.rows) / count)));
  return { values, scale };
}

function gridOf(data: Float64Array | undefined, columns: number): Grid | null {
  return data ? { rows: Math.max(1, Math.floor(data.length / columns)), columns, data } : null;
}

/** How much of the fill is there: the neuron fills when the pulses arrive. */
function arrival(progress: number, reduced: boolean): number {
  return reduced ? progress : Math.max(0, Math.min(1, (progress - ARRIVAL) / (1 - ARRIVAL)));
}

export interface ColumnView {
  layer: number;
  size: number;
  last: boolean;
  grid: Grid | null;
  scale: number;
  /** The grids the motion leads between, if it leads to this column. */
  from: Grid | null;
  fromScale: number;
  to: Grid | null;
  toScale: number;
}

/** Scales are found here once a step, not once a frame and neuron. */
export function columnView(
  layer: number,
  size: number,
  last: boolean,
  grid: Grid | null,
  before: Float64Array | undefined,
  after: Float64Array | undefined,
): ColumnView {
  const from = gridOf(before, size);
  const to = gridOf(after, size) ?? grid;
  return {
    layer,
    size,
    last,
    grid,
    scale: scaleOf(grid?.data),
    from,
    fromScale: scaleOf(from?.data),
    to,
    toScale: scaleOf(to?.data),
  };
}

export function changeOf(column: ColumnView, unit: number, sample: number | null, kind: Motion["kind"] | null): Change {
  const now = contentOf(column.grid, column.scale, unit, sample);
  if (kind !== "forward" && kind !== "activate") return { before: nothing, after: now };
  const before = contentOf(column.from, column.fromScale, unit, sample);
  const after = contentOf(column.to, column.toScale, unit, sample);
  return { before: kind === "activate" && before.values.length === 0 ? now : before, after };
}

const atRest: Stage = { blend: 1, halo: "", strength: 0 };

export function stageOf(column: ColumnView, motion: Motion | null, reduced: boolean): Stage {
  if (!motion || isOfEdges(motion)) return atRest;
  const { kind, progress } = motion;
  if (kind === "loss") return column.last ? { blend: 1, halo: kind, strength: 0.7 * swell(progress) } : atRest;
  if (receiver(motion) !== column.layer) return atRest;
  if (kind === "activate") return { blend: ease(progress), halo: kind, strength: 0.6 * swell(progress) };
  const landing = arrival(progress, reduced);
  return { blend: kind === "forward" ? landing : 1, halo: kind, strength: 0.8 * swell(landing) };
}

/** A neuron in words: its name, its value or one a sample, its bias and its gradient. */
export function spokenNeuron(name: string, unit: number, values: Content["values"] | null, bias: number | undefined, gradient: Content["values"]): string {
  const said = (numbers: Content["values"]): string => numbers.map((each) => formatCell(each, 4)).join(", ");
  return [
    `${name}, unit ${String(unit + 1)}: ${values ? said(values) : "not computed yet"}`,
    bias === undefined ? "" : `; bias ${formatCell(bias, 4)}`,
    gradient.length ? `; gradient ${said(gradient)}` : "",
  ].join("");
}
