import { expect, test } from "vitest";
import katex from "katex";
import { all, twoTwoOne } from "../fixtures/traces";
import { writingOf } from "./cell";
import { blackboardLine, indexed, liveLatex, plainLatex, symbolicLatex } from "./latex";

const plain = (latex: string): string =>
  latex.replace(/\\htmlData\{role=(\w+)\}\{\{(.*?)\}\}(?!\})/g, "<$1 $2>");

test("placeholders become the operands' symbols, longest word first", () => {
  const operands = new Map([["A", "X"], ["W", "W^{(1)}"], ["b", "b^{(1)}"]]);
  expect(plain(liveLatex("Z = A\\, W^\\top \\oplus b", operands, "Z^{(1)}"))).toBe(
    "<result Z^{(1)}> = <A X>\\, <W W^{(1)}>^\\top \\oplus <b b^{(1)}>",
  );
  expect(liveLatex("dW = dZ^\\top A", new Map([["dZ", "\\frac{a}{b}"], ["A", "X"]]), "G")).toContain(
    "\\left(\\frac{a}{b}\\right)",
  );
});

test("commands and indices aren't placeholders", () => {
  const latex = liveLatex("A_{pj} = \\frac{e^{Z_{pj}}}{\\sum_k e^{Z_{pk}}}", new Map([["Z", "Q"]]), "R");
  expect(plain(latex)).toBe("<result R>_{pj} = \\frac{e^{<Z Q>_{pj}}}{\\sum_k e^{<Z Q>_{pk}}}");
});

test("the blackboard's order and signs come from the formula", () => {
  const affine = blackboardLine("Z = A\\, W^\\top \\oplus b", ["A", "W", "b"]);
  expect(affine.isPlain).toBe(true);
  expect(affine.parts.map(({ role, operator, transposed }) => `${role}${transposed ? "ᵀ" : ""} ${operator}`)).toEqual(["A ·", "Wᵀ ⊕", "b "]);
  const update = blackboardLine("theta_next = theta - eta\\, dtheta", ["theta", "dtheta", "eta"]);
  expect(update.parts.map(({ role, operator }) => role + operator)).toEqual(["theta−", "eta·", "dtheta"]);
  expect(blackboardLine("A = \\tanh(Z)", ["Z"]).isPlain).toBe(false);
  expect(blackboardLine("m_hat = \\frac{m}{correction}", ["m", "correction"]).parts[0]?.operator).toBe("/");
  expect(blackboardLine("theta_next = theta - eta\\,(dtheta + mu\\, v)", ["theta", "dtheta", "v", "eta", "mu"]).isPlain).toBe(false);
  expect(blackboardLine("dZ = dA \\odot slope", ["dA", "slope"]).parts[0]?.operator).toBe("⊙");
});

test("indices go to the symbol that they index", () => {
  expect(indexed("Z^{(1)}", "1,3")).toBe("Z^{(1)}_{1,3}");
  expect(indexed("\\frac{\\partial L}{\\partial W^{(2)}}", "1,3")).toBe("\\frac{\\partial L}{\\partial W^{(2)}_{1,3}}");
  expect(indexed("\\frac{\\partial L}{\\partial X}", "1,3")).toBe("\\frac{\\partial L}{\\partial X_{1,3}}");
  expect(indexed("X", "2,1")).toBe("X_{2,1}");
  expect(indexed("L_p", "2")).toBe("L_{2}");
  expect(indexed("\\eta", "")).toBe("\\eta");
  expect(indexed("\\hat m_{W}^{(1)}", "1,3")).toBe("\\hat m_{W,\\,1,3}^{(1)}");
});

test.each(all)("KaTeX sets every formula of %s", (_, trace) => {
  for (const step of trace.steps) {
    const equation = trace.equations[step.equation];
    const result = trace.tensors[step.result];
    const writing = writingOf(trace, step, 0);
    if (!equation || !result || !writing) throw new Error(step.result);
    const operands = new Map(Object.entries(step.operands).map(([role, id]) => [role, trace.tensors[id]?.latex ?? ""]));
    for (const latex of [liveLatex(equation.latex, operands, result.latex), plainLatex(equation.latex, operands, result.latex), symbolicLatex(writing, result)]) {
      expect(() => katex.renderToString(latex, { strict: false, trust: true, throwOnError: true }), latex).not.toThrow();
    }
  }
});

test("a cell's own formula carries its indices", () => {
  const step = twoTwoOne.steps[0];
  const tensor = twoTwoOne.tensors["Z[1]@0"];
  const writing = step && writingOf(twoTwoOne, step, 3);
  if (!writing || !tensor) throw new Error("no such cell");
  expect(plain(symbolicLatex(writing, tensor))).toBe(
    "<result Z^{(1)}_{2,2}> = \\sum_{k} <A X_{2,k}>\\, <W W^{(1)}_{2,k}> + <b b^{(1)}_{2}>",
  );
});
