/** The algebra by which ∂L/∂A and the outputs' derivative cancel, for each pair of loss and output, under the conventions. */
import type { ConventionsChoice } from "../../api/types";

interface Algebra {
  /** ∂L/∂a. */
  dA: string;
  /** What the short way computes. */
  short: string;
  steps: string;
  words: string;
}

const MSE = "mse";

/** What stands before a gradient: 1/N of a mean, and the 2 of the square where L has no ½ to cancel it. */
function factorOf(loss: string, { half, reduction }: ConventionsChoice): string {
  const number = loss === MSE && half === false ? "2" : "1";
  if (reduction === "sum") return number === "1" ? "" : number;
  return `\\frac{${number}}{N}`;
}

/** A sum with its factor; without one it needs no brackets. */
const times = (factor: string, sum: string, size = ""): string => (factor === "" ? sum : `${factor}${size && `\\${size}l`}(${sum}${size && `\\${size}r`})`);
/** A sum as a factor of a product: in brackets, with or without a number before them. */
const bracketed = (factor: string, sum: string, size: string): string => `${factor}\\${size}l(${sum}\\${size}r)`;

const INNER_BCE = "-\\frac{y}{a} + \\frac{1 - y}{1 - a}";
const DZ = "\\frac{\\partial L}{\\partial z}";

function gradientOf(loss: string, factor: string): string {
  if (loss === MSE) return times(factor, "a - y");
  return loss === "binary_cross_entropy" ? times(factor, INNER_BCE, "Big") : `-${factor}\\frac{y}{a}`;
}

type Cancelled = (factor: string, conventions: ConventionsChoice) => Pick<Algebra, "steps" | "words">;

const ALGEBRA: Readonly<Record<string, Cancelled>> = {
  "binary_cross_entropy sigmoid": (factor) => ({
    steps: `${DZ} = ${bracketed(factor, INNER_BCE, "Big")} \\cdot a(1 - a) = ${times(factor, "-y(1 - a) + (1 - y)\\,a", "big")} = ${times(factor, "a - y")}`,
    words: "The slope of the sigmoid, a(1 − a), cancels both denominators.",
  }),
  "cross_entropy softmax": (factor) => ({
    steps: `\\frac{\\partial L}{\\partial z_k} = ${factor}\\sum_j -\\frac{y_j}{a_j}\\, a_j(\\delta_{jk} - a_k) = ${times(factor, "-y_k + a_k \\sum_j y_j", "Big")} = ${times(factor, "a_k - y_k")}`,
    words: "Each a in the denominator meets itself in the Jacobian, and the targets of a sample add up to 1.",
  }),
  "mse identity": (factor, { half }) => ({
    steps: `${DZ} = ${bracketed(factor, "a - y", "big")} \\cdot 1 = ${times(factor, "a - y")}`,
    words: `Nothing has to cancel: the slope of the identity is 1, and a − y is there from the start.${half === false ? " L has no ½, so that the 2 of the square stays." : ""}`,
  }),
};

export function algebraOf(loss: string, activation: string, conventions: ConventionsChoice): Algebra {
  const factor = factorOf(loss, conventions);
  const cancelled = ALGEBRA[`${loss} ${activation}`]?.(factor, conventions) ?? {
    steps: activation === "softmax"
      ? "\\frac{\\partial L}{\\partial z_k} = \\sum_j \\frac{\\partial L}{\\partial a_j}\\, J_{jk}"
      : `${DZ} = \\frac{\\partial L}{\\partial a}\\, g'(z)`,
    words: "This pair doesn't cancel: the long way is the only one.",
  };
  return { dA: gradientOf(loss, factor), short: times(factor, "a - y"), ...cancelled };
}

/** Where 1/N stands, in a sentence. */
export const countSentence = ({ reduction }: ConventionsChoice, samples: number): string =>
  reduction === "sum"
    ? "There is no 1/N: L is the sum of the samples’ losses, and every gradient is a sum too."
    : `1/N = 1/${String(samples)} is in ∂L/∂a, since it is in L, and nowhere else.`;

export interface Pair {
  loss: string;
  activation: string;
  title: string;
}

/** The pairs whose ∂L/∂z is a − y, up to a factor. */
export const PAIRS: readonly [Pair, Pair, Pair] = [
  { loss: "binary_cross_entropy", activation: "sigmoid", title: "sigmoid and binary cross entropy" },
  { loss: "cross_entropy", activation: "softmax", title: "softmax and cross entropy" },
  { loss: MSE, activation: "identity", title: "identity and squared error" },
];

/** Why a pair can't have these targets; null where it can. */
export function misfitOf({ loss }: Pair, targets: readonly number[]): string | null {
  const isShare = targets.every((y) => y >= 0 && y <= 1);
  if (loss === MSE) return null;
  if (!isShare) return "its targets lie between 0 and 1";
  if (loss === "binary_cross_entropy") return null;
  if (targets.length < 2) return "it takes two outputs or more";
  return Math.abs(targets.reduce((sum, y) => sum + y, 0) - 1) < 1e-9 ? null : "its targets add up to 1";
}
