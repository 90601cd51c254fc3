/** Weights of which some are kept and the rest is still to be drawn, by the server and its seed. */
import type { Trace, TraceRequest } from "../api/types";
import { requestOf, type Spec } from "./spec";
import { completed, startOf } from "./weights";

type Ask = (request: TraceRequest) => Promise<Trace | null>;

export const isWhole = ({ weights }: Spec): boolean => weights.kind === "given" || !weights.kept;

/** The spec with all of its weights; null where a newer request came first. */
export async function complete(spec: Spec, ask: Ask): Promise<Spec | null> {
  if (spec.weights.kind !== "drawn" || !spec.weights.kept) return spec;
  const { kept, kind, ...from } = spec.weights;
  const trace = await ask(requestOf({ ...spec, weights: { kind, ...from }, loss: null, start: null, X: spec.X.slice(0, 1) }, null));
  const drawn = trace && startOf(trace, spec.sizes, 0);
  return drawn && { ...spec, weights: { kind: "given", layers: completed(kept, drawn), from } };
}
