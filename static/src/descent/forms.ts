/** The lecture's algorithm in one variable, in each of its forms, line by line; and which lines one step runs. */
import { formatCell } from "../model/format";
import { cycleOf } from "./line";
import type { CatalogOptimizer } from "../api/types";
import { notation } from "../learning/notation";
import type { Direction, Run, StopRule } from "./setup";
import type { Path } from "./types";

export type Form = "branch" | "sign" | "gradient" | "other";

export interface Line {
  id: "while" | "if" | "then" | "else" | "otherwise" | "step";
  /** How far it is moved in. */
  depth: 0 | 1 | 2;
  /** What is set as it stands, and what KaTeX sets. */
  word: string;
  latex: string;
  isLit: boolean;
  /** Its numbers in this step, where it runs. */
  numbers: string;
}

const NAMED: Readonly<Record<string, Form>> = { branch_descent: "branch", sign_descent: "sign", gradient_descent: "gradient" };

export function formOf({ method, numbers }: Run): Form {
  const form = NAMED[method] ?? "other";
  return form === "gradient" && (numbers["weight_decay"] ?? 0) !== 0 ? "other" : form;
}

export const FORM_NAMES: Readonly<Record<Form, string>> = {
  branch: "the if/else form",
  sign: "the sign form",
  gradient: "the gradient form",
  other: "",
};

/** The numbers of one step: x and f′ where it starts, η, and where it leads (undefined: there is none). */
export interface Step {
  k: number;
  x: number | null;
  slope: number | null;
  eta: number | null;
  next: number | null | undefined;
}

export function stepOf({ theta, gradient, step_size, iterations }: Path, at: number): Step {
  const k = Math.min(at, iterations);
  return { k, x: theta[k]?.[0] ?? null, slope: gradient[k]?.[0] ?? null, eta: step_size[k] ?? null, next: k < iterations ? (theta[k + 1]?.[0] ?? null) : undefined };
}

/** Values nearer than this, in relation to their size, differ by rounding alone. */
const ROUNDING = 1e-12;
const text = (value: number | null | undefined): string => formatCell(value, 5);
const inSum = (value: number | null): string => (value !== null && value < 0 ? `(${text(value)})` : text(value));

/** The sign of f′ in words: what the algorithm asks first. */
export function signOf(slope: number | null): "> 0" | "< 0" | "= 0" | "" {
  if (slope === null) return "";
  return slope > 0 ? "> 0" : slope < 0 ? "< 0" : "= 0";
}

/** Which way this sign leads: down the slope, or up it. */
export function wayOf(slope: number | null, direction: Direction): "left" | "right" | "nowhere" {
  const goes = (slope ?? 0) * (direction === "ascend" ? -1 : 1);
  return goes > 0 ? "left" : goes < 0 ? "right" : "nowhere";
}

/** The lines of one run at one step; the lit ones run. The loop's own line is lit where its test ends it. */
export function linesOf(run: Run, method: CatalogOptimizer, step: Step, direction: Direction, isOver: boolean): Line[] {
  const goesOn = step.next !== undefined;
  const numbers = `${text(step.slope)} ${step.slope === 0 ? "=" : "≠"} 0`;
  const loop: Line = { id: "while", depth: 0, word: "while", latex: "f'(x^{k}) \\neq 0", isLit: isOver, numbers };
  return [loop, ...bodyOf(run, method, step, direction, goesOn)];
}

function bodyOf(run: Run, method: CatalogOptimizer, step: Step, direction: Direction, goesOn: boolean): Line[] {
  const isAscent = direction === "ascend";
  const [sign, latexSign] = isAscent ? ["+", "+"] : ["−", "-"];
  const { x, slope, eta, next } = step;
  const becomes = (middle: string): string => `${text(x)} ${middle} = ${text(next)}`;
  const single = (latex: string, numbers: string): Line[] => [{ id: "step", depth: 1, word: "", latex, isLit: goesOn, numbers: goesOn ? numbers : "" }];
  switch (formOf(run)) {
    case "branch": return branches(step, isAscent, goesOn);
    case "sign": return single(`x^{k+1} = x^{k} ${latexSign} \\operatorname{sign}(f'(x^{k})) \\cdot \\text{step}`, becomes(`${sign} ${inSum(slope === null ? null : Math.sign(slope))} · ${text(eta)}`));
    case "gradient": return single(`x^{k+1} = x^{k} ${latexSign} \\eta^{k} f'(x^{k})`, becomes(`${sign} ${text(eta)} · ${inSum(slope)}`));
    case "other": return single(notation(method.latex, 1), `${text(x)} → ${text(next)}`);
  }
}

/** A slope of 0 counts as the else. */
function branches({ x, slope, eta, next }: Step, isAscent: boolean, goesOn: boolean): Line[] {
  const isThen = isAscent ? (slope ?? 0) < 0 : (slope ?? 0) > 0;
  const line = (id: Line["id"], depth: Line["depth"], word: string, latex: string, isLit: boolean, numbers: string): Line => ({ id, depth, word, latex, isLit: goesOn && isLit, numbers: goesOn && isLit ? numbers : "" });
  const side = isAscent ? "negative" : "positive";
  return [
    line("if", 1, "if", `\\operatorname{sign}(f'(x^{k}))\\text{ is ${side}}`, true, `${text(slope)} is ${isThen ? side : `not ${side}`}`),
    line("then", 2, "", "x^{k+1} = x^{k} - \\text{step}", isThen, `${text(x)} − ${text(eta)} = ${text(next)}`),
    line("else", 1, "else", "", !isThen, ""),
    line("otherwise", 2, "", "x^{k+1} = x^{k} + \\text{step}", !isThen, `${text(x)} + ${text(eta)} = ${text(next)}`),
  ];
}

/** What this step did to f, or how the loop ended. */
export function remarkOf(path: Path, { k, next, slope }: Step, stop: StopRule, direction: Direction): { text: string; isBad: boolean } {
  if (next === undefined) return endOf(path, k, slope, stop);
  const [before, after] = [path.value[k] ?? null, path.value[k + 1] ?? null];
  if (before === null || after === null) return { text: "", isBad: false };
  const change = `f: ${text(before)} → ${text(after)}`;
  if (Math.abs(after - before) <= ROUNDING * Math.max(Math.abs(before), Math.abs(after))) return { text: `${change}, as high as before.`, isBad: false };
  const isWrong = direction === "ascend" ? after < before : after > before;
  return { text: `${change}, ${after < before ? "lower" : "higher"}${isWrong ? ": the right way, but too far." : "."}`, isBad: isWrong };
}

function endOf(path: Path, k: number, slope: number | null, stop: StopRule): { text: string; isBad: boolean } {
  if (path.stopped_by === "diverged") return { text: `The values grow without end: there is no x after k = ${String(k)}.`, isBad: true };
  if (slope === 0) return { text: `f′ = 0 at k = ${String(k)}: it has landed.`, isBad: false };
  if (path.stopped_by === "gradient_norm") return { text: `f′ = ${text(slope)} is not 0, but |f′| < ${formatCell(stop.gradientNorm)} ends it at k = ${String(k)}.`, isBad: false };
  if (path.stopped_by === "value_change") return { text: `f′ = ${text(slope)} is not 0, but |Δf| < ${formatCell(stop.valueChange)} ends it at k = ${String(k)}.`, isBad: false };
  if (path.stopped_by === "stationary") return { text: `The steps no longer move x from k = ${String(k)} on.`, isBad: false };
  const cycle = cycleOf(path.theta.map(([x]) => x));
  if (!cycle) return { text: `f′ = ${text(slope)} is still not 0 after ${String(k)} steps.`, isBad: false };
  const [a, b] = cycle.between;
  return { text: `From k = ${String(cycle.since)} on it hops between ${text(a)} and ${text(b)}: it would never end.`, isBad: true };
}
