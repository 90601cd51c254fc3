/** The catalogue's equations of optimizers and schedules as they are read. */
const NOTATION: Readonly<Record<string, string>> = {
  theta_next: "\\theta^{k+1}",
  theta: "\\theta^{k}",
  dtheta: "g^{k}",
  eta: "\\eta_k",
  eta0: "\\eta_0",
  mu: "\\mu",
  v_next: "v^{k+1}",
  share: "(1 - \\tau)",
  epsilon: "\\varepsilon",
  gamma: "\\gamma",
  period: "T",
  lowest: "\\eta_{\\min}",
};

/** A formula as it is written for so many variables: of one, x stands for θ and f′ for the gradient. */
export function named(latex: string, dimension: number): string {
  if (dimension !== 1) return latex;
  return latex.replaceAll("\\|\\nabla f(\\theta^{k})\\|", "|f'(x^{k})|").replaceAll("\\nabla f", "f'").replaceAll("\\theta", "x");
}

/** The catalogue's equation in the notation of this page. */
export function notation(latex: string, dimension = 2): string {
  const found = latex.replace(/\\[A-Za-z]+|[A-Za-z]+\d*(?:_next)?/g, (word) => NOTATION[word] ?? word);
  return named(dimension === 1 ? found.replaceAll("g^{k}", "\\nabla f(\\theta^{k})") : found, dimension);
}
