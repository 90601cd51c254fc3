/** Which gradients there are to check, in the order of the layers, and how their cells are called. */
import { describeCell, sizeOf, type Tensor, type Trace } from "../../../model/trace";

const KINDS = ["dA", "dZ", "dW", "db", "rW"];
/** ∂L/∂X, which no update needs, so that no trace has it. */
const OF_INPUTS = "dA[0]";

export interface Gradient {
  name: string;
  /** Of its tensor, and of the one it is the gradient of. */
  id: string;
  of: string;
  /** How it is written, where the trace has it. */
  latex: string | null;
  title: string;
  /** What it is the gradient of. */
  tensor: Tensor;
  size: number;
}

/** "dW[1]" → "W[1]". */
export const tensorOf = (gradient: string): string => gradient.slice(1);

export function gradientsOf(trace: Trace, iteration: number): Gradient[] {
  const made = Object.values(trace.tensors).filter(({ symbol, iteration: own }) => KINDS.includes(symbol) && own === iteration);
  const rank = ({ symbol, layer }: Tensor): number => (layer ?? 0) * KINDS.length + KINDS.indexOf(symbol);
  const found = made.sort((a, b) => rank(a) - rank(b)).flatMap(({ symbol, layer, latex, title }) => {
    const name = `${symbol}[${String(layer)}]`;
    const of = [iteration, 0].map((each) => `${tensorOf(name)}@${String(each)}`).find((each) => trace.tensors[each]) ?? "";
    const tensor = trace.tensors[of];
    return tensor ? [{ name, id: `${name}@${String(iteration)}`, of, latex, title, tensor, size: sizeOf(tensor.shape) }] : [];
  });
  const X = trace.tensors["A[0]@0"];
  if (!X || found.length === 0) return found;
  return [{ name: OF_INPUTS, id: `${OF_INPUTS}@${String(iteration)}`, of: "A[0]@0", latex: "\\frac{\\partial L}{\\partial X}", title: "gradient of the inputs", tensor: X, size: sizeOf(X.shape) }, ...found];
}

export const placeOf = ({ tensor }: Gradient, cell: number): string => describeCell(tensor, cell) || "the only cell";

/** Powers of ten. A central difference agrees to about ten digits: a scale that began at the tolerance would say nothing. */
const [FAINT, FIRM] = [-12, 0];
export const LEAST_COLOURED = 10 ** FAINT;

/** How firmly a relative error is coloured, by its logarithm: not at all up to 1e-12, fully at 1. */
export const shareOf = (error: number | null): number =>
  error === null ? 1 : error > 0 ? Math.max(0, Math.min(1, (Math.log10(error) - FAINT) / (FIRM - FAINT))) : 0;

export const missFill = (error: number | null | undefined): string =>
  `color-mix(in oklab, var(--miss) ${(100 * shareOf(error ?? null)).toFixed(0)}%, transparent)`;
