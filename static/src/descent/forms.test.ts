import { expect, test } from "vitest";
import { formOf, linesOf, remarkOf, stepOf, wayOf, type Step } from "./forms";
import type { Run, StopRule } from "./setup";
import type { CatalogOptimizer } from "../api/types";
import type { Ending, Path } from "./types";

const run = (method: string, numbers: Record<string, number> = {}): Run => ({ method, numbers, switches: {}, schedule: "constant", scheduleNumbers: {} });
const method: CatalogOptimizer = { name: "", title: "Momentum", latex: "theta_next = theta - eta\\, v_next", parameters: [], switches: [] };
const stop: StopRule = { most: 40, valueChange: null, gradientNorm: 1e-6, require: "either" };
const at = (x: number, slope: number, next: number | undefined, eta = 0.5): Step => ({ k: 0, x, slope, eta, next });
const lit = (name: string, step: Step, direction: "ascend" | "descend" = "descend", isOver = false): string[] =>
  linesOf(run(name), method, step, direction, isOver).filter(({ isLit }) => isLit).map(({ id }) => id);

test("of the if and the else one branch is lit, by the sign of the slope", () => {
  expect(lit("branch_descent", at(3, 6, 2.5))).toEqual(["if", "then"]);
  expect(lit("branch_descent", at(-3, -6, -2.5))).toEqual(["if", "else", "otherwise"]);
  expect(lit("branch_descent", at(0, 0, 0.5))).toEqual(["if", "else", "otherwise"]);
  expect(lit("branch_descent", at(3, 6, 3.5), "ascend")).toEqual(["if", "else", "otherwise"]);
});

test("the loop's line is lit where its test ends it, and nowhere else", () => {
  for (const name of ["branch_descent", "sign_descent", "gradient_descent", "momentum"]) {
    expect(lit(name, at(0, 0, undefined), "descend", true)).toEqual(["while"]);
    expect(lit(name, at(0.2, 0.4, undefined))).toEqual([]);
    expect(lit(name, at(3, 6, 2.5))).not.toContain("while");
  }
});

test.each<[string, Step, string]>([
  ["branch_descent", at(3, 6, 2.5), "3 − 0.5 = 2.5"],
  ["branch_descent", at(-3, -6, -2.5), "−3 + 0.5 = −2.5"],
  ["sign_descent", at(3, 6, 2.5), "3 − 1 · 0.5 = 2.5"],
  ["sign_descent", at(-3, -6, -2.5), "−3 − (−1) · 0.5 = −2.5"],
  ["gradient_descent", at(3, 6, 2.4, 0.1), "3 − 0.1 · 6 = 2.4"],
  ["momentum", at(3, 6, 2.4, 0.1), "3 → 2.4"],
])("%s writes its step with its numbers", (name, step, numbers) => {
  const lines = linesOf(run(name), method, step, "descend", false);
  expect(lines.filter(({ isLit }) => isLit).at(-1)?.numbers).toBe(numbers);
});

test("climbing, the signs are the other way round", () => {
  expect(linesOf(run("gradient_descent"), method, at(3, 6, 3.6, 0.1), "ascend", false).at(-1)?.numbers).toBe("3 + 0.1 · 6 = 3.6");
  expect([wayOf(6, "descend"), wayOf(-6, "descend"), wayOf(6, "ascend"), wayOf(0, "descend")]).toEqual(["left", "right", "right", "nowhere"]);
});

test("with weight decay it's no longer the plain form; other rules come from the catalogue, in x", () => {
  expect(formOf(run("gradient_descent", { weight_decay: 0.1 }))).toBe("other");
  expect(linesOf(run("momentum"), method, at(3, 6, 2.4), "descend", false).at(-1)?.latex).toBe("x^{k+1} = x^{k} - \\eta_k\\, v^{k+1}");
});

const path = (stopped_by: Ending, xs: number[]): Path => ({
  stopped_by, iterations: xs.length - 1, theta: xs.map((x) => [x]), value: xs.map((x) => x * x), gradient: xs.map((x) => [2 * x]),
  gradient_norm: xs.map((x) => Math.abs(2 * x)), step_size: xs.slice(1).map(() => 0.5),
});
const remark = (found: Path, k: number, direction: "ascend" | "descend" = "descend") => remarkOf(found, stepOf(found, k), stop, direction);

test("a step's remark says whether it went the way it should", () => {
  expect(remark(path("max_iterations", [3, 2.5]), 0)).toEqual({ text: "f: 9 → 6.25, lower.", isBad: false });
  expect(remark(path("max_iterations", [1, -2]), 0)).toEqual({ text: "f: 1 → 4, higher: the right way, but too far.", isBad: true });
  expect(remark(path("max_iterations", [1, -1]), 0).text).toBe("f: 1 → 1, as high as before.");
  expect(remark(path("max_iterations", [1, 2]), 0, "ascend").isBad).toBe(false);
});

test.each<[Path, RegExp, boolean]>([
  [path("gradient_norm", [1, 0.5, 0]), /^f′ = 0 at k = 2: it has landed\.$/, false],
  [path("stationary", [1, 0.5, 0]), /it has landed/, false],
  [path("gradient_norm", [1, 1e-7]), /^f′ = 2e−7 is not 0, but \|f′\| < 1e−6 ends it at k = 1/, false],
  [path("max_iterations", [1, 0.2, -0.2, 0.2, -0.2]), /^From k = 1 on it hops between 0\.2 and −0\.2/, true],
  [path("max_iterations", [1, 0.8, 0.64, 0.512]), /still not 0 after 3 steps/, false],
  [path("diverged", [1, -3, 9]), /grow without end/, true],
])("the end of a run is told in its own words", (found, sentence, isBad) => {
  const said = remark(found, 99);
  expect(said.text).toMatch(sentence);
  expect(said.isBad).toBe(isBad);
});
