/** How a tensor is named now: weights and states that an update of this iteration made are "new", to tell them from those it started from. */
import { indexed } from "../model/latex";
import type { Timeline } from "../model/timeline";
import type { Tensor, Trace } from "../model/trace";

const NEW = "\\text{new}";

export function isNew(trace: Trace, timeline: Timeline, id: string, iteration: number): boolean {
  const producer = timeline.producers.get(id);
  if (producer === undefined) return false;
  // What is carried on to the next iteration has its number.
  const isCarried = trace.tensors[id]?.iteration === iteration + 1;
  return isCarried && trace.steps[producer]?.phase === "update" && timeline.iterationOf[producer] === iteration;
}

/** "W[1]@8" → "W[1]@7" */
export const versionBefore = (id: string): string => id.replace(/\d+$/, (iteration) => String(Number(iteration) - 1));

export function named(trace: Trace, timeline: Timeline, id: string, iteration: number): Tensor | null {
  const tensor = trace.tensors[id];
  if (!tensor || !isNew(trace, timeline, id, iteration)) return tensor ?? null;
  return { ...tensor, latex: indexed(tensor.latex, NEW), title: `new ${tensor.title}` };
}
