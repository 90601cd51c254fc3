/** A trace in time: the playhead runs from 0 (nothing computed) to the number of steps (everything is). */
import type { Phase, Step, Tensor, Trace } from "./trace";

export interface Span {
  phase: Phase;
  iteration: number;
  /** Steps start…end − 1. */
  start: number;
  end: number;
}

export interface Timeline {
  length: number;
  spans: Span[];
  iterations: number;
  /** The iteration of each step. */
  iterationOf: number[];
  /** Which step makes a tensor; inputs have none. */
  producers: ReadonlyMap<string, number>;
}

export interface Moment {
  /** The step under way, or the last one done; 0 at the start. */
  step: number;
  /** 0…1; 1 once the step's result stands. */
  progress: number;
}

export function timelineOf(trace: Pick<Trace, "steps">): Timeline {
  const spans: Span[] = [];
  const iterationOf: number[] = [];
  const producers = new Map<string, number>();
  let iteration = 0;
  trace.steps.forEach((step, index) => {
    const last = spans.at(-1);
    if (last && step.phase === "forward" && last.phase !== "forward") iteration++;
    if (last && last.phase === step.phase && last.iteration === iteration) last.end = index + 1;
    else spans.push({ phase: step.phase, iteration, start: index, end: index + 1 });
    iterationOf.push(iteration);
    producers.set(step.result, index);
  });
  return { length: trace.steps.length, spans, iterations: iteration + 1, iterationOf, producers };
}

export function momentAt(at: number, length: number): Moment {
  if (at <= 0 || length === 0) return { step: 0, progress: 0 };
  const step = Math.min(Math.ceil(at), length) - 1;
  return { step, progress: Math.min(1, at - step) };
}

/** Whether a tensor's numbers are known when `done` steps are done. */
export function isComputed(timeline: Timeline, tensor: string, done: number): boolean {
  const producer = timeline.producers.get(tensor);
  return producer === undefined || producer < done;
}

/** Every version of each tensor in the order it is made: "W[1]" → ["W[1]@0", "W[1]@1"]. */
export function versionsOf(trace: Pick<Trace, "tensors">): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  for (const id of Object.keys(trace.tensors)) {
    const name = id.replace(/@.*$/, "");
    versions.set(name, [...(versions.get(name) ?? []), id]);
  }
  for (const ids of versions.values()) ids.sort((a, b) => iterationIn(a) - iterationIn(b));
  return versions;
}

const iterationIn = (id: string): number => Number(id.replace(/^.*@/, ""));

/** The version of a tensor that holds in an iteration, as far as it is computed: weights keep their last update. */
export function currentVersion(
  timeline: Timeline,
  ids: readonly string[] | undefined,
  done: number,
): string | null {
  return ids?.findLast((id) => isComputed(timeline, id, done)) ?? null;
}

export interface Group {
  title: string;
  ids: string[];
}

const LAYER_ORDER = ["W", "b", "Z", "A", "dA", "slope", "dZ", "dW", "db"];

function rank(tensor: Tensor, isUpdated: boolean): number {
  if (tensor.layer === null || tensor.layer === 0) return ["A", "Y", "eta", "Lp", "L"].indexOf(tensor.symbol);
  return isUpdated ? LAYER_ORDER.length : LAYER_ORDER.indexOf(tensor.symbol);
}

/** The tensors of one iteration, by layer: what it starts from, its passes, and the weights it ends with. */
export function groupsOf(trace: Trace, iteration: number): Group[] {
  const groups = new Map<string, { id: string; rank: number }[]>();
  for (const [id, tensor] of Object.entries(trace.tensors)) {
    const isWeight = tensor.symbol === "W" || tensor.symbol === "b";
    const isUpdated = isWeight && tensor.iteration === iteration + 1;
    const isFixed = isInput(tensor);
    if (tensor.iteration !== iteration && !isUpdated && !isFixed) continue;
    const title = groupTitle(tensor);
    groups.set(title, [...(groups.get(title) ?? []), { id, rank: rank(tensor, isUpdated) }]);
  }
  const titles = [...groups.keys()].sort((a, b) => groupRank(a) - groupRank(b) || a.localeCompare(b, "en", { numeric: true }));
  return titles.map((title) => ({
    title,
    ids: (groups.get(title) ?? []).sort((a, b) => a.rank - b.rank).map(({ id }) => id),
  }));
}

const isInput = (tensor: Tensor): boolean =>
  ["Y", "eta"].includes(tensor.symbol) || (tensor.symbol === "A" && tensor.layer === 0);

function groupTitle(tensor: Tensor): string {
  if (tensor.layer === null) return isInput(tensor) ? "Data" : "Loss";
  return tensor.layer === 0 ? "Data" : `Layer ${tensor.layer}`;
}

const groupRank = (title: string): number => (title.startsWith("Data") ? 0 : title.startsWith("Layer") ? 1 : 2);

/** Who uses a tensor first, from a step on. */
export function consumerOf(steps: readonly Step[], tensor: string): number | null {
  const index = steps.findIndex((step) => Object.values(step.operands).includes(tensor));
  return index < 0 ? null : index;
}
