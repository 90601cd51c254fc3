/** What an update makes smaller, and the gradient that it follows, by their names in the trace: with a penalty these are others. */
import type { Trace } from "../../../model/trace";
import type { Spec } from "../../../state/spec";

export interface Goal {
  name: string;
  words: string;
  latex: string;
  /** The gradient of all parameters together. */
  gradient: string;
}

const LOSS: Goal = { name: "L", words: "loss", latex: "L", gradient: "g" };
const WITH_PENALTY: Goal = { name: "L + R", words: "loss and penalty", latex: "(L + R)", gradient: "r" };

export const goalOf = (spec: Pick<Spec, "l1" | "l2"> | null): Goal => (spec && (spec.l1 > 0 || spec.l2 > 0) ? WITH_PENALTY : LOSS);

/** The gradient that a parameter's update follows: rW[1] where the penalty has a share in it, else dW[1]. */
export function followedGradient(trace: Trace | null, parameter: string, iteration: number): { id: string; latex: string | null } {
  const at = `${parameter}@${String(iteration)}`;
  const penalised = trace?.tensors[`r${at}`];
  return penalised ? { id: `r${at}`, latex: penalised.latex } : { id: `d${at}`, latex: null };
}
