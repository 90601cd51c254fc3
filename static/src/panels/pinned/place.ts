/** What the card of a pinned number says about its place, and about the 1/N. */
import { madeFrom, tensorsIn } from "../../model/provenance";
import { dividesByCount } from "../../model/shares";
import { nameOf, type Timeline } from "../../model/timeline";
import { indicesOf, type Step, type Tensor, type Trace } from "../../model/trace";
import type { Pin } from "../../state/view";

/** The cell's indices counted from one: "2,3"; nothing for a single number. */
export const shortPlace = (tensor: Pick<Tensor, "shape">, cell: number): string =>
  indicesOf(cell, tensor.shape).map((index) => String(index + 1)).join(",");

/** The tensors of the pin's iteration that have a number at the same place: of a unit its Z, A, dA and dZ, of an edge its W and dW. */
export function samePlace(trace: Trace, timeline: Timeline, { tensor }: Pin, iteration: number): string[] {
  const own = trace.tensors[tensor];
  if (!own || own.axes.length === 0) return [];
  const isAlike = ({ axes, shape }: Tensor): boolean => axes.join() === own.axes.join() && shape.join() === own.shape.join();
  const ids = tensorsIn(trace, timeline, iterationOfPin(trace, timeline, tensor, iteration));
  return Object.entries(trace.tensors).flatMap(([id, each]) => (ids.has(id) && isAlike(each) ? [id] : []));
}

type Versions = ReadonlyMap<string, readonly string[]>;

/** "iteration 2": whose number a tensor's is; nothing where there is one iteration alone, or all of them share the tensor, as X. */
export function iterationText(trace: Trace, timeline: Timeline, versions: Versions, tensor: string, iteration: number): string {
  if (timeline.iterations < 2 || (versions.get(nameOf(tensor))?.length ?? 0) < 2) return "";
  return `iteration ${String(iterationOfPin(trace, timeline, tensor, iteration) + 1)}`;
}

/** A result belongs to the iteration that makes it; what is given, and what is carried on, to the one at the playhead that has it. */
export function iterationOfPin(trace: Trace, timeline: Timeline, tensor: string, iteration: number): number {
  if (tensorsIn(trace, timeline, iteration).has(tensor)) return iteration;
  const producer = timeline.producers.get(tensor);
  return producer === undefined ? (trace.tensors[tensor]?.iteration ?? 0) : (timeline.iterationOf[producer] ?? 0);
}

/** Where 1/N enters a number: in its own step, in an earlier one, or nowhere on its way. */
export type OneOverN = { kind: "here"; phase: Step["phase"] } | { kind: "before"; tensors: string[] } | null;

export function oneOverN(trace: Trace, timeline: Timeline, pin: Pin): OneOverN {
  const producer = timeline.producers.get(pin.tensor) ?? -1;
  const step = trace.steps[producer];
  if (!step) return null;
  const divides = ({ equation }: Step): boolean => dividesByCount(trace.equations[equation]?.cell ?? 0);
  if (divides(step)) return { kind: "here", phase: step.phase };
  if (step.phase !== "backward") return null;
  const made = madeFrom(trace, pin);
  // An earlier iteration's 1/N is in the weights by now.
  const isHere = (index: number): boolean => timeline.iterationOf[index] === timeline.iterationOf[producer];
  const tensors = trace.steps.flatMap((each, index) =>
    (each.phase === "backward" && isHere(index) && made.has(each.result) && divides(each) ? [each.result] : []));
  return tensors.length > 0 ? { kind: "before", tensors } : null;
}
