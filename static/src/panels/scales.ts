/** Colour scales: tensors that are compared share one, and it stays the same for the whole trace. */
import { scaleOf } from "../model/scale";
import { baseSymbol } from "../model/words";
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
  R: "losses",
};
/** Of what an optimizer keeps of a parameter. */
const KEPT: Readonly<Record<string, string>> = {
  theta_decayed: "weights",
  r: "gradients of weights",
  g: "gradients of weights",
  m: "gradients of weights",
  m_hat: "gradients of weights",
  v: "v of the optimizer",
  v_hat: "v̂, corrected",
  s: "s of the optimizer",
  c: "s of the optimizer",
};
/** Numbers that stand alone: they are compared with nothing, so they have no colour. */
const ALONE = "numbers of the learning";

export function familyOf(tensor: Pick<Tensor, "symbol" | "layer">): string {
  const { symbol, layer } = tensor;
  if (symbol === "A" && layer === 0) return "inputs";
  if (FAMILIES[symbol]) return FAMILIES[symbol];
  const base = baseSymbol(tensor);
  return layer === null ? ALONE : (KEPT[base] ?? base);
}

export function scalesOf(trace: Trace): Map<string, number> {
  const members = new Map<string, Tensor["data"][]>();
  for (const tensor of Object.values(trace.tensors)) {
    const family = familyOf(tensor);
    members.set(family, [...(members.get(family) ?? []), tensor.data]);
  }
  return new Map([...members].map(([family, data]) => [family, family === ALONE ? Infinity : scaleOf(...data)]));
}
