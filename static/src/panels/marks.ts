/** What lights up: the numbers that made a cell, or the results that it feeds. */
import { RESULT } from "../model/latex";
import { sourcesOf, shapesOf } from "../model/cell";
import { fedCells, parseRule } from "../model/rule";
import { consumerOf, type Timeline } from "../model/timeline";
import { cellInOrder, hasSamples, lengthOf } from "../model/axes";
import { indicesOf, layerOfAxis, type Step, type Tensor, type Trace } from "../model/trace";
import type { Mark, NetworkMarks, Target } from "../views/types";
import type { Focus } from "../state/store.svelte";
import type { Pin } from "../state/view";

export type Marks = ReadonlyMap<string, ReadonlyMap<number, Mark>>;
type Growing = Map<string, Map<number, Mark>>;

function put(marks: Growing, tensor: string, cells: Iterable<number>, mark: Mark): void {
  const own = marks.get(tensor) ?? new Map<number, Mark>();
  for (const cell of cells) if (!own.has(cell) || mark === "pinned" || mark === "selected") own.set(cell, mark);
  marks.set(tensor, own);
}

export const operandMark = ({ phase }: Step): Mark =>
  phase === "backward" || phase === "update" ? "operand-backward" : "operand-forward";

function putSources(marks: Growing, trace: Trace, step: Step, cell: number): void {
  for (const [id, cells] of sourcesOf(trace, step, cell)) put(marks, id, cells, operandMark(step));
}

function putFed(marks: Growing, trace: Trace, step: Step, tensor: string, cell: number): void {
  const equation = trace.equations[step.equation];
  if (!equation) return;
  const rule = parseRule(equation.reads, equation.roles);
  const shape = trace.tensors[step.result]?.shape ?? [];
  for (const [role, id] of Object.entries(step.operands)) {
    if (id === tensor) put(marks, step.result, fedCells(rule, shapesOf(step, trace), shape, role, cell), "fed");
  }
}

/** An operand of the current step shows what it feeds; any other result what made it; an input what it feeds first. */
function putRelated(marks: Growing, trace: Trace, timeline: Timeline, current: Step | null, tensor: string, cell: number): void {
  if (current && current.result !== tensor && Object.values(current.operands).includes(tensor)) {
    putFed(marks, trace, current, tensor, cell);
    return;
  }
  const producer = timeline.producers.get(tensor);
  const index = producer ?? consumerOf(trace.steps, tensor);
  const step = index === null ? undefined : trace.steps[index];
  if (!step) return;
  if (producer === undefined) putFed(marks, trace, step, tensor, cell);
  else putSources(marks, trace, step, cell);
}

/** What is pointed at: cells, the pinned cell, a number of its written-out sum. */
export interface Pointing {
  focus: Focus | null;
  pin: Pin | null;
  term: Pin | null;
  /** The marks of the pinned cell's paths, which stand while nothing else is pointed at. */
  paths: Marks | null;
}

export function marksOf(trace: Trace | null, timeline: Timeline, current: Step | null, { focus, pin, term, paths }: Pointing): Marks {
  if (!trace) return new Map();
  const marks: Growing = new Map();
  if (focus) {
    for (const cell of focus.cells) putRelated(marks, trace, timeline, current, focus.tensor, cell);
    put(marks, focus.tensor, focus.cells, "selected");
  }
  if (term) put(marks, term.tensor, [term.cell], "selected");
  if (pin && trace.tensors[pin.tensor]) put(marks, pin.tensor, [pin.cell], "pinned");
  return focus || !paths ? marks : over(paths, marks);
}

const over = (paths: Marks, marks: Marks): Marks =>
  new Map([...paths, ...[...marks].map(([id, own]) => [id, new Map([...(paths.get(id) ?? []), ...own])] as const)]);

/** The marks of a part of a tensor, whose cells lie elsewhere in it. */
export function marksAt(own: ReadonlyMap<number, Mark> | undefined, size: number, placeOf: (cell: number) => number): ReadonlyMap<number, Mark> {
  const marks = new Map<number, Mark>();
  for (let cell = 0; own && cell < size; cell++) {
    const mark = own.get(placeOf(cell));
    if (mark) marks.set(cell, mark);
  }
  return marks;
}

export function litRoles(current: Step | null, marks: Marks, pointed: string | null): ReadonlySet<string> {
  const roles = new Set(pointed === null ? [] : [pointed]);
  for (const [role, id] of Object.entries(current?.operands ?? {})) if (marks.has(id)) roles.add(role);
  if (current && marks.has(current.result)) roles.add(RESULT);
  return roles;
}

const STRENGTH: readonly Mark[] = [
  "far-fed", "far-forward", "far-backward", "fed", "operand-forward", "operand-backward", "selected", "pinned",
];

function strongest(marks: Map<string, Mark>, key: string, mark: Mark): void {
  const old = marks.get(key);
  if (old === undefined || STRENGTH.indexOf(mark) > STRENGTH.indexOf(old)) marks.set(key, mark);
}

/** Where a tensor's cell is in the drawing: a neuron "l:j", an edge "l:o:k", or nowhere. */
export function placeOf(tensor: Tensor, cell: number): { neuron: string } | { edge: string } | null {
  const indices = indicesOf(cell, tensor.shape);
  const units = tensor.axes.flatMap((axis, i) => {
    const layer = layerOfAxis(axis);
    return layer === null ? [] : [{ layer, unit: indices[i] ?? 0 }];
  });
  const [to, from] = units.toSorted((a, b) => b.layer - a.layer);
  if (!to) return null;
  return from ? { edge: `${to.layer}:${to.unit}:${from.unit}` } : { neuron: `${to.layer}:${to.unit}` };
}

/** The marks of the matrices, on the network's neurons and edges. */
export function networkMarks(trace: Trace | null, marks: Marks): NetworkMarks {
  const neurons = new Map<string, Mark>();
  const edges = new Map<string, Mark>();
  for (const [id, cells] of marks) {
    const tensor = trace?.tensors[id];
    if (!tensor) continue;
    for (const [cell, mark] of cells) {
      const place = placeOf(tensor, cell);
      if (place && "edge" in place) strongest(edges, place.edge, mark);
      else if (place) strongest(neurons, place.neuron, mark);
    }
  }
  return { neurons, edges };
}

/** While nothing is pointed at: where in the drawing the current step's result is. */
export function stepMarks(trace: Trace | null, current: Step | null): Marks {
  const result = current ? trace?.tensors[current.result] : undefined;
  if (!current || !result) return new Map();
  const mark = current.phase === "update" ? "changed" : operandMark(current);
  return new Map([[current.result, new Map(result.data.map((_, cell) => [cell, mark]))]]);
}

function cellsAt(tensor: Tensor, target: Target): number[] {
  const layers = tensor.axes.map(layerOfAxis);
  if (target.kind === "edge") {
    const isEdge = layers.includes(target.layer) && layers.includes(target.layer - 1);
    return isEdge ? [cellInOrder(tensor, target.out, target.in)] : [];
  }
  if (!layers.includes(target.layer)) return [];
  if (layers.length === 1) return [target.unit];
  if (!hasSamples(tensor)) return [];
  const samples = lengthOf(tensor, (layer) => layer === null) ?? 0;
  return Array.from({ length: samples }, (_, sample) => cellInOrder(tensor, sample, target.unit));
}

/** What a neuron stands for where the current step has none of its numbers: the pass at hand says which come first. */
export const neuronSymbols = (current: Step | null): readonly string[] =>
  current?.phase === "backward" || current?.phase === "update" ? ["dZ", "dA", "A", "Z"] : ["A", "Z"];

/** The numbers that a neuron or an edge stands for: those of the current step if it has any, else the first of `others`. */
export function focusOf(trace: Trace, current: Step | null, target: Target, others: readonly string[]): Focus | null {
  const own = current ? [current.result, ...Object.values(current.operands)] : [];
  for (const id of [...own, ...others]) {
    const tensor = trace.tensors[id];
    const cells = tensor ? cellsAt(tensor, target) : [];
    if (cells.length > 0) return { tensor: id, cells };
  }
  return null;
}
