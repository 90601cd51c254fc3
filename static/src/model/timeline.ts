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
  /** The number of the first iteration: 0, or the step of a training at which it goes on. */
  first: number;
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

const iterationIn = (id: string): number => Number(id.replace(/^.*@/, ""));

export function timelineOf(trace: Pick<Trace, "steps">): Timeline {
  const spans: Span[] = [];
  const iterationOf: number[] = [];
  const producers = new Map<string, number>();
  const first = iterationIn(trace.steps[0]?.result ?? "@0");
  let iteration = first;
  trace.steps.forEach((step, index) => {
    const last = spans.at(-1);
    if (last && step.phase === "forward" && last.phase !== "forward") iteration++;
    if (last && last.phase === step.phase && last.iteration === iteration) last.end = index + 1;
    else spans.push({ phase: step.phase, iteration, start: index, end: index + 1 });
    iterationOf.push(iteration);
    producers.set(step.result, index);
  });
  return { length: trace.steps.length, spans, iterations: iteration - first + 1, first, iterationOf, producers };
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
    const name = nameOf(id);
    versions.set(name, [...(versions.get(name) ?? []), id]);
  }
  for (const ids of versions.values()) ids.sort((a, b) => iterationIn(a) - iterationIn(b));
  return versions;
}

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

const ORDER = ["A", "Y", "Lp", "L", "R"];
const LAYER_ORDER = ["W", "b", "Z", "A", "dA", "slope", "dZ", "dW", "db"];

/** What an optimizer keeps follows the gradients in the order in which it is made, and the new weights come last. */
function rank({ layer, symbol }: Tensor, isUpdated: boolean): number {
  const order = layer === null || layer === 0 || symbol === "R" ? ORDER : LAYER_ORDER;
  const place = order.indexOf(symbol);
  if (place < 0) return order.length;
  return isUpdated ? order.length + 1 : place;
}

/** A tensor without its iteration: of "W[1]@2" it is W[1]. */
export const nameOf = (id: string): string => id.replace(/@.*$/, "");

/** The tensors of one iteration, by layer: what it starts from, its passes, and the weights it ends with. */
export function groupsOf(trace: Pick<Trace, "steps" | "tensors">, iteration: number): Group[] {
  const groups = new Map<string, { id: string; rank: number }[]>();
  const made = new Map(trace.steps.map(({ result }) => [result, nameOf(result)]));
  const remade = new Set(made.values());
  const given = new Set(Object.keys(trace.tensors).filter((id) => !made.has(id)));
  const carried = new Set([...given].map(nameOf).filter((name) => remade.has(name)));
  for (const [id, tensor] of Object.entries(trace.tensors)) {
    const isUpdated = carried.has(nameOf(id)) && tensor.iteration === iteration + 1;
    const isFixed = given.has(id) && !carried.has(nameOf(id));
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

function groupTitle({ symbol, layer }: Tensor): string {
  if (layer === 0 || symbol === "Y") return "Data";
  if (["L", "Lp", "R"].includes(symbol)) return "Loss";
  return layer === null ? "Learning" : `Layer ${layer}`;
}

const groupRank = (title: string): number => ["Data", "Layer", "Loss", "Learning"].findIndex((word) => title.startsWith(word));

/** Who uses a tensor first, from a step on. */
export function consumerOf(steps: readonly Step[], tensor: string): number | null {
  const index = steps.findIndex((step) => Object.values(step.operands).includes(tensor));
  return index < 0 ? null : index;
}
