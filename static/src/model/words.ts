/** The words of mathematics outside a formula: LaTeX names as plain text, and a step as a sentence. */
import { sayShape } from "./format";
import type { Phase, Tensor } from "./trace";

const NAMES: Readonly<Record<string, string>> = { sigma: "σ", Phi: "Φ", varphi: "φ", surd: "√", pi: "π", cos: "cos ", eta: "η", top: "ᵀ" };

/** "\operatorname{relu}'" → "relu′", "\sigma" → "σ". */
export function functionWord(latex: string): string {
  return latex
    .replace(/\\operatorname\{([^}]*)\}/g, "$1")
    .replace(/\\([A-Za-z]+)/g, (_, name: string) => NAMES[name] ?? name)
    .replaceAll("'", "′");
}

export const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  forward: "Forward",
  loss: "Loss",
  backward: "Backward",
  update: "Update",
};

const HAT = "\u0302";

/** The inputs are X, in every iteration the same: "A[0]@0" → "X". Other names stay as they are. */
export const withX = (id: string): string => id.replace(/^A\[0\](@\d+)?/, "X");

/** "Z[1]@0" → "Z[1]", "m_hatW[1]@1" → "m̂W[1]", "A[0]@0" → "X": a tensor's name without its iteration. */
export function shortName(id: string): string {
  return withX(id).replace(/@.*$/, "").replace("_hat", HAT).replace("theta_decayed", "θ̃");
}

/** The symbol of what an optimizer keeps of a parameter is followed by the parameter's: vW[1], m_hatb[2]. */
export const baseSymbol = ({ symbol, layer }: Pick<Tensor, "symbol" | "layer">): string =>
  layer === null ? symbol : symbol.replace(/(?<=.)[Wb]$/, "");

/** One sentence that says what a tensor is, where the glossary has it. */
export const meaningOf = (glossary: Readonly<Record<string, string>>, tensor: Pick<Tensor, "symbol" | "layer">): string | undefined =>
  glossary[tensor.symbol === "A" && tensor.layer === 0 ? "X" : tensor.symbol] ?? glossary[baseSymbol(tensor)];

export function ofLayer(tensor: Pick<Tensor, "layer" | "title">): string {
  return tensor.layer === null ? tensor.title : `${tensor.title} of layer ${tensor.layer}`;
}

/** "Forward: Z[1], the pre-activation of layer 1, 3 × 7" */
export function stepSentence(phase: Phase, id: string, tensor: Tensor): string {
  return `${PHASE_WORDS[phase]}: ${shortName(id)}, the ${ofLayer(tensor)}, ${sayShape(tensor.shape)}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
