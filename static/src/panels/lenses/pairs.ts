/** The algebra by which ∂L/∂A and the outputs' derivative cancel, for each pair of loss and output. */
interface Algebra {
  /** ∂L/∂a. */
  dA: string;
  steps: string;
  words: string;
}

const A_MINUS_Y = "\\frac{1}{N}(a - y)";
const BCE = "\\frac{1}{N}\\Bigl(-\\frac{y}{a} + \\frac{1 - y}{1 - a}\\Bigr)";

const ALGEBRA: Readonly<Record<string, Algebra>> = {
  "binary_cross_entropy sigmoid": {
    dA: BCE,
    steps: `\\frac{\\partial L}{\\partial z} = ${BCE} \\cdot a(1 - a) = \\frac{1}{N}\\bigl(-y(1 - a) + (1 - y)\\,a\\bigr) = ${A_MINUS_Y}`,
    words: "The slope of the sigmoid, a(1 − a), cancels both denominators.",
  },
  "cross_entropy softmax": {
    dA: "-\\frac{1}{N}\\frac{y}{a}",
    steps: `\\frac{\\partial L}{\\partial z_k} = \\frac{1}{N}\\sum_j -\\frac{y_j}{a_j}\\, a_j(\\delta_{jk} - a_k) = \\frac{1}{N}\\Bigl(-y_k + a_k \\sum_j y_j\\Bigr) = \\frac{1}{N}(a_k - y_k)`,
    words: "Each a in the denominator meets itself in the Jacobian, and the targets of a row add up to 1.",
  },
  "mse identity": {
    dA: A_MINUS_Y,
    steps: `\\frac{\\partial L}{\\partial z} = ${A_MINUS_Y} \\cdot 1 = ${A_MINUS_Y}`,
    words: "Nothing has to cancel: the slope of the identity is 1, and a − y is there from the start.",
  },
};

const DERIVATIVES: Readonly<Record<string, string>> = { mse: A_MINUS_Y, binary_cross_entropy: BCE, cross_entropy: "-\\frac{1}{N}\\frac{y}{a}" };

export function algebraOf(loss: string, activation: string): Algebra {
  return ALGEBRA[`${loss} ${activation}`] ?? {
    dA: DERIVATIVES[loss] ?? "\\frac{\\partial L}{\\partial a}",
    steps: "\\frac{\\partial L}{\\partial z} = \\frac{\\partial L}{\\partial a}\\, g'(z)",
    words: "This pair doesn't cancel: the long way is the only one.",
  };
}

/** The lecture's three pairs, each with the preset that has it. */
export const PAIRS = [
  { preset: "mse_identity", loss: "mse", output: "identity", title: "squared error and identity" },
  { preset: "bce_sigmoid", loss: "binary_cross_entropy", output: "sigmoid", title: "binary cross entropy and sigmoid" },
  { preset: "ce_softmax", loss: "cross_entropy", output: "softmax", title: "cross entropy and softmax" },
] as const;
