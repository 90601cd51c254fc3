/**
 * Provenance: everything that made a cell, and everything that it feeds, through the whole trace.
 * The index rules are closed over all steps a tensor at a time: a rule's letters that operand and result share are all
 * that links their cells, so that one pass over each tensor is enough.
 */
import type { Timeline } from "./timeline";
import { layerOfAxis, sizeOf, type Step, type Tensor, type Trace } from "./trace";
import { parseRule } from "./rule";

/** By tensor, what is reached: 0 for a cell that isn't, else one more than the least number of hops to it. */
export type Reach = ReadonlyMap<string, Uint16Array>;
type Growing = Map<string, Uint16Array>;

export interface Cell {
  tensor: string;
  cell: number;
}

const ALL = "...";
/** Farther than any trace is long. */
export const ALL_HOPS = 65_534;

interface Side {
  word: string;
  shape: readonly number[];
  hops: Uint16Array;
}

/** For each cell, its place among the settings of some letters. */
function keysOf({ word, shape, hops }: Side, letters: readonly string[], lengths: ReadonlyMap<string, number>): Int32Array {
  const keys = new Int32Array(hops.length);
  let stride = 1;
  for (const letter of letters) {
    const axis = word.indexOf(letter);
    const length = shape[axis] ?? 1;
    const inner = sizeOf(shape.slice(axis + 1));
    for (let cell = 0; cell < keys.length; cell++) keys[cell] = (keys[cell] ?? 0) + (Math.floor(cell / inner) % length) * stride;
    stride *= lengths.get(letter) ?? 1;
  }
  return keys;
}

const isNearer = (hops: number, than: number): boolean => hops > 0 && (than === 0 || hops < than);

function spreadAlike(from: Uint16Array, to: Uint16Array): void {
  from.forEach((hops, cell) => {
    if (hops > 0 && isNearer(hops + 1, to[cell] ?? 0)) to[cell] = hops + 1;
  });
}

/** One more hop: from the reached cells of one side to the cells of the other that agree with them in every shared letter. */
function spread(from: Side, to: Side): void {
  if (from.word === ALL && to.word === ALL) {
    spreadAlike(from.hops, to.hops);
    return;
  }
  const isAny = from.word === ALL || to.word === ALL;
  const shared = isAny ? [] : [...from.word].filter((letter) => to.word.includes(letter));
  const lengths = new Map(shared.map((letter) => [letter, from.shape[from.word.indexOf(letter)] ?? 1]));
  const nearest = new Uint16Array(sizeOf([...lengths.values()]));
  const [source, target] = [keysOf(from, shared, lengths), keysOf(to, shared, lengths)];
  from.hops.forEach((hops, cell) => {
    const key = source[cell] ?? 0;
    if (isNearer(hops, nearest[key] ?? 0)) nearest[key] = hops;
  });
  target.forEach((key, cell) => {
    const hops = nearest[key] ?? 0;
    if (hops > 0 && isNearer(hops + 1, to.hops[cell] ?? 0)) to.hops[cell] = hops + 1;
  });
}

const isReached = (hops: Uint16Array | undefined): hops is Uint16Array => hops?.some((each) => each > 0) ?? false;

class Closing {
  readonly reach: Growing = new Map();
  readonly #trace: Trace;

  constructor(trace: Trace, { tensor, cell }: Cell) {
    this.#trace = trace;
    const hops = this.#hopsOf(tensor);
    if (cell < hops.length) hops[cell] = 1;
  }

  #hopsOf(id: string): Uint16Array {
    const hops = this.reach.get(id) ?? new Uint16Array(sizeOf(this.#trace.tensors[id]?.shape ?? [0]));
    this.reach.set(id, hops);
    return hops;
  }

  #side(id: string, word: string): Side {
    return { word, shape: this.#trace.tensors[id]?.shape ?? [], hops: this.#hopsOf(id) };
  }

  step(step: Step, isBackward: boolean): void {
    const equation = this.#trace.equations[step.equation];
    if (!equation || (isBackward && !this.reach.has(step.result))) return;
    const rule = parseRule(equation.reads, equation.roles);
    for (const [role, id] of Object.entries(step.operands)) {
      if (!isBackward && !this.reach.has(id)) continue;
      const operand = this.#side(id, rule.words.get(role) ?? "");
      const result = this.#side(step.result, rule.result);
      if (isBackward) spread(result, operand);
      else spread(operand, result);
    }
  }

  done(): Reach {
    for (const [id, hops] of this.reach) if (!isReached(hops)) this.reach.delete(id);
    return this.reach;
  }
}

/** The cell and everything that made it. A result is made once and read later, so that one walk back over the steps is all. */
export function madeFrom(trace: Trace, cell: Cell): Reach {
  const closing = new Closing(trace, cell);
  for (const step of trace.steps.toReversed()) closing.step(step, true);
  return closing.done();
}

/** The cell and everything that it touches. */
export function feeds(trace: Trace, cell: Cell): Reach {
  const closing = new Closing(trace, cell);
  for (const step of trace.steps) closing.step(step, false);
  return closing.done();
}

/** What is reached of one tensor. */
export interface HopGroup {
  tensor: string;
  /** The nearest first. */
  cells: number[];
  size: number;
  nearest: number;
  farthest: number;
}

function groupOf(tensor: string, hops: Uint16Array, most: number): HopGroup | null {
  const cells: number[] = [];
  hops.forEach((each, cell) => { if (each > 1 && each - 1 <= most) cells.push(cell); });
  if (cells.length === 0) return null;
  const far = (cell: number): number => (hops[cell] ?? 1) - 1;
  cells.sort((a, b) => far(a) - far(b) || a - b);
  return { tensor, cells, size: hops.length, nearest: far(cells[0] ?? 0), farthest: far(cells.at(-1) ?? 0) };
}

/** What is reached in at most so many hops, by tensor, the nearest first; the cell itself isn't among it. */
export function hopGroups(reach: Reach, most: number, order: ReadonlyMap<string, number>): HopGroup[] {
  const groups = [...reach].flatMap(([id, hops]) => groupOf(id, hops, most) ?? []);
  const place = ({ tensor }: HopGroup): number => order.get(tensor) ?? -1;
  return groups.sort((a, b) => a.nearest - b.nearest || place(a) - place(b));
}

/** The tensors that the steps of an iteration read or make. */
export function tensorsIn(trace: Trace, timeline: Timeline, iteration: number): ReadonlySet<string> {
  const ids = new Set<string>();
  trace.steps.forEach(({ operands, result }, index) => {
    if (timeline.iterationOf[index] !== iteration) return;
    for (const id of [...Object.values(operands), result]) ids.add(id);
  });
  return ids;
}

const isOfEdges = ({ axes }: Tensor): boolean => axes.length === 2 && axes.every((axis) => layerOfAxis(axis) !== null);

/** The edges that a step's operand runs along to its result: those of each unit that is reached, as "layer:out:in". */
export function carriedEdges(trace: Trace, step: Step, reach: Reach, most: number): string[] {
  const ids = Object.values(step.operands);
  const weights = ids.flatMap((id) => trace.tensors[id] ?? []).find(isOfEdges);
  if (!weights || step.phase === "update") return [];
  const outgoing = Math.max(...weights.axes.map((axis) => layerOfAxis(axis) ?? 0));
  return ids.flatMap((id) => {
    const tensor = trace.tensors[id];
    const hops = reach.get(id);
    const axis = tensor?.axes.findIndex((name) => weights.axes.includes(name)) ?? -1;
    if (!tensor || !hops || axis < 0 || isOfEdges(tensor) || tensor.axes.length < 2) return [];
    return edgesOf(weights, outgoing, tensor.axes[axis] ?? "", reachedIndices(tensor, hops, axis, most));
  });
}

function reachedIndices({ shape }: Tensor, hops: Uint16Array, axis: number, most: number): Set<number> {
  const inner = sizeOf(shape.slice(axis + 1));
  const found = new Set<number>();
  hops.forEach((each, cell) => {
    if (each > 0 && each <= most) found.add(Math.floor(cell / inner) % (shape[axis] ?? 1));
  });
  return found;
}

function edgesOf(weights: Tensor, layer: number, axis: string, units: ReadonlySet<number>): string[] {
  const isFrom = layerOfAxis(axis) !== layer;
  const other = weights.shape[weights.axes.findIndex((name) => name !== axis)] ?? 0;
  return [...units].flatMap((unit) =>
    Array.from({ length: other }, (_, each) => (isFrom ? `${layer}:${each}:${unit}` : `${layer}:${unit}:${each}`)));
}
