/** Colour scales: tensors that are compared share one, and it stays the same for the whole trace. */
import { scaleOf } from "../model/scale";
import type { Tensor, Trace } from "../model/trace";

const FAMILIES: Readonly<Record<string, string>> = {
  W: "weights",
  b: "weights",
  Z: "pre-activations",
  A: "activations",
  Y: "activations",
  slope: "activations",
  dA: "gradients of units",
  dZ: "gradients of units",
  dW: "gradients of weights",
  db: "gradients of weights",
  Lp: "losses",
  L: "losses",
};

export function familyOf({ symbol, layer }: Pick<Tensor, "symbol" | "layer">): string {
  return symbol === "A" && layer === 0 ? "inputs" : (FAMILIES[symbol] ?? symbol);
}

export function scalesOf(trace: Trace): Map<string, number> {
  const members = new Map<string, Tensor["data"][]>();
  for (const tensor of Object.values(trace.tensors)) {
    const family = familyOf(tensor);
    members.set(family, [...(members.get(family) ?? []), tensor.data]);
  }
  // A learning rate is compared with nothing, so it has no colour.
  return new Map([...members].map(([family, data]) => [family, family === "eta" ? Infinity : scaleOf(...data)]));
}
