/**
 * One cell of a result, written out: the equation's cell formula with the real numbers put in.
 * A sum shows up to 64 terms; a longer one its first and last four, with the rest added up.
 */
import { operandCells, letterLengths, lettersOf, parseRule, summedLetters, type IndexRule } from "./rule";
import { functionWord } from "./words";
import { flatOf, valueAt, type Equation, type Formula, type Step, type Tensor, type Trace } from "./trace";

/** Where a line may end: before "+", after a comma. */
export type Break = "before" | "after" | null;

export type Token =
  | { kind: "operator"; text: string; breaks: Break }
  | { kind: "function"; text: string }
  | { kind: "power"; text: string }
  | { kind: "operand"; role: string; tensor: string; cell: number; value: number | null }
  | { kind: "constant"; value: number; title: string }
  | { kind: "rest"; count: number; value: number | null };

const MOST_TERMS = 64;
const ENDS = 4;

/** A cell and everything its formula may refer to. */
export interface Writing {
  equation: Equation;
  rule: IndexRule;
  operands: ReadonlyMap<string, { id: string; tensor: Tensor }>;
  lengths: ReadonlyMap<string, number>;
  fixed: ReadonlyMap<string, number>;
  free: readonly string[];
  cell: number;
}

export type Bound = ReadonlyMap<string, number>;
type Node = readonly Formula[];

export function shapesOf(step: Step, trace: Trace): Map<string, readonly number[]> {
  return new Map(Object.entries(step.operands).map(([role, id]) => [role, trace.tensors[id]?.shape ?? []]));
}

/** Prepares a result cell of a step to be written out, or null where the trace doesn't hold what it takes, or an exercise asks the cell. */
export function writingOf(trace: Trace, step: Step, cell: number): Writing | null {
  const equation = trace.equations[step.equation];
  const result = trace.tensors[step.result];
  if (!equation || !result || Number.isNaN(result.data[cell])) return null;
  const rule = parseRule(equation.reads, equation.roles);
  const operands = new Map<string, { id: string; tensor: Tensor }>();
  for (const [role, id] of Object.entries(step.operands)) {
    const tensor = trace.tensors[id];
    if (!tensor) return null;
    operands.set(role, { id, tensor });
  }
  const lengths = letterLengths(rule, shapesOf(step, trace));
  const fixed = lettersOf(rule, cell, result.shape);
  return { equation, rule, operands, lengths, fixed, free: summedLetters(rule), cell };
}

/** The operand cells that a result cell of a step was made from, by tensor id. */
export function sourcesOf(trace: Trace, step: Step, cell: number): Map<string, number[]> {
  const equation = trace.equations[step.equation];
  const sources = new Map<string, number[]>();
  if (!equation) return sources;
  const rule = parseRule(equation.reads, equation.roles);
  const shape = trace.tensors[step.result]?.shape ?? [];
  for (const [role, cells] of operandCells(rule, shapesOf(step, trace), shape, cell)) {
    const id = step.operands[role];
    if (id !== undefined) sources.set(id, [...(sources.get(id) ?? []), ...cells]);
  }
  return sources;
}

export function operandToken(at: Writing, role: string, bound: Bound): Token & { kind: "operand" } {
  const operand = at.operands.get(role);
  const word = at.rule.words.get(role) ?? "";
  const cell =
    word === "..."
      ? at.cell
      : flatOf([...word].map((letter) => bound.get(letter) ?? 0), operand?.tensor.shape ?? []);
  const value = operand ? valueAt(operand.tensor, cell) : null;
  return { kind: "operand", role, tensor: operand?.id ?? "", cell, value };
}

/** Z[o]: the role's free letter is set to the result's. */
export function rebound(at: Writing, role: string, letter: string, bound: Bound): Bound {
  const word = at.rule.words.get(role) ?? "";
  const free = [...word].find((each) => at.free.includes(each));
  const index = at.fixed.get(letter);
  return free === undefined || index === undefined ? bound : new Map([...bound, [free, index]]);
}

/** Every way to set the letters that a sum runs over. */
export function settings(at: Writing): Bound[] {
  let all: Bound[] = [at.fixed];
  for (const letter of at.free) {
    const indices = Array.from({ length: at.lengths.get(letter) ?? 0 }, (_, index) => index);
    all = all.flatMap((bound) => indices.map((index) => new Map([...bound, [letter, index]])));
  }
  return all;
}

const functions: Readonly<Record<string, (value: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  abs: Math.abs,
  tanh: Math.tanh,
  relu: (value) => Math.max(value, 0),
  sign: Math.sign,
  sqrt: Math.sqrt,
};

/** A formula's number, or NaN where the browser doesn't know a function of it. */
export function evaluate(at: Writing, formula: Formula, bound: Bound = at.fixed): number {
  if (typeof formula === "number") return formula;
  if (typeof formula === "string") return operandToken(at, formula, bound).value ?? NaN;
  const [head, first = 0, second = 0, third = 0] = formula;
  const left = (): number => evaluate(at, first, bound);
  const right = (): number => evaluate(at, second, bound);
  const each = (): number[] => settings(at).map((setting) => evaluate(at, first, setting));
  switch (head) {
    case "+": return left() + right();
    case "-": return left() - right();
    case "*": return left() * right();
    case "/": return left() / right();
    case "**": return left() ** right();
    case "neg": return -left();
    case "sum": return each().reduce((sum, term) => sum + term, 0);
    case "max": return each().reduce((most, term) => Math.max(most, term), -Infinity);
    case "logsumexp": return logSumExp(each());
    case "at": return evaluate(at, first, rebound(at, String(first), String(second), bound));
    case "count": return at.lengths.get(String(first)) ?? NaN;
    case "apply": return (functions[String(first)] ?? (() => NaN))(evaluate(at, third, bound));
    default: return NaN;
  }
}

function logSumExp(terms: readonly number[]): number {
  const most = Math.max(...terms);
  return most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0));
}

const operator = (text: string, breaks: Break = null): Token => ({ kind: "operator", text, breaks });
const parenthesised = (tokens: Token[]): Token[] => [operator("("), ...tokens, operator(")")];

const PRECEDENCE: Readonly<Record<string, number>> = { "+": 1, "-": 1, sum: 1, neg: 2, "*": 3, "/": 3, "**": 5 };
/** What follows a sign stays on its line. */
const PLUS = "+\u00a0";
const MINUS = "−\u00a0";
const SIGNS: Readonly<Record<string, string>> = { "*": "\u00a0·\u00a0", "/": "\u00a0/\u00a0" };
const SUPERSCRIPTS: Readonly<Record<number, string>> = { 2: "²", 3: "³" };

/** The tokens of a formula; `outer` is how tightly what stands around it binds. */
function write(at: Writing, formula: Formula, bound: Bound, outer: number): Token[] {
  if (typeof formula === "number") return [{ kind: "constant", value: formula, title: "" }];
  if (typeof formula === "string") return bracketNegative(operandToken(at, formula, bound), outer);
  const own = PRECEDENCE[String(formula[0])];
  const tokens = writeNode(at, formula, bound);
  return own !== undefined && own < outer && tokens.length > 1 ? parenthesised(tokens) : tokens;
}

function bracketNegative(token: Token & { kind: "operand" }, outer: number): Token[] {
  const isNegative = token.value !== null && (token.value < 0 || Object.is(token.value, -0));
  return isNegative && outer > 0 ? parenthesised([token]) : [token];
}

function writeNode(at: Writing, node: Node, bound: Bound): Token[] {
  const [head, first = 0, second = 0, third = 0] = node;
  switch (head) {
    case "+": return [...write(at, first, bound, 0), operator(PLUS, "before"), ...write(at, second, bound, 1.5)];
    case "-": return [...write(at, first, bound, 0), minus(node), ...write(at, second, bound, 2)];
    case "*":
    case "/": return writeProduct(at, node, bound);
    case "**": return [...write(at, first, bound, 6), ...power(at, second, bound)];
    case "neg": return [operator("−"), ...write(at, first, bound, 3)];
    case "sum": return writeSum(at, first);
    case "max": return [{ kind: "function", text: "max" }, ...parenthesised(writeList(at, first, operator(", ", "after")))];
    case "logsumexp": return writeLogSumExp(at, first);
    case "at": return write(at, first, rebound(at, String(first), String(second), bound), 1);
    case "count": return [countToken(at, String(first))];
    case "apply": return writeApply(at, String(second), third, bound);
    default: return [];
  }
}

/** A difference of two numbers stays on one line. */
function minus([, first, second]: Node): Token {
  return Array.isArray(first) || Array.isArray(second) ? operator(MINUS, "before") : operator(`\u00a0${MINUS}`);
}

function writeProduct(at: Writing, [head, first = 0, second = 0]: Node, bound: Bound): Token[] {
  const sign = String(head);
  const outer = sign === "/" ? 4 : 3;
  return [...write(at, first, bound, 3), operator(SIGNS[sign] ?? sign), ...write(at, second, bound, outer)];
}

function writeApply(at: Writing, latex: string, argument: Formula, bound: Bound): Token[] {
  return [{ kind: "function", text: functionWord(latex) }, ...parenthesised(write(at, argument, bound, 0))];
}

function power(at: Writing, exponent: Formula, bound: Bound): Token[] {
  if (typeof exponent === "number") return [{ kind: "power", text: SUPERSCRIPTS[exponent] ?? `^${String(exponent)}` }];
  return [{ kind: "power", text: "^" }, ...write(at, exponent, bound, 6)];
}

function countToken(at: Writing, letter: string): Token {
  return { kind: "constant", value: at.lengths.get(letter) ?? 0, title: "the number of samples, N" };
}

function writeSum(at: Writing, term: Formula): Token[] {
  return writeList(at, term, operator(PLUS, "before"), 1.5);
}

function writeLogSumExp(at: Writing, term: Formula): Token[] {
  const powers = writeList(at, ["apply", "exp", "\\exp", term], operator(PLUS, "before"));
  return [{ kind: "function", text: "ln" }, ...parenthesised(powers)];
}

/** The terms of a reduction with a separator between them, folded where there are too many. */
function writeList(at: Writing, term: Formula, separator: Token, outer = 0): Token[] {
  const all = settings(at);
  const isFolded = all.length > MOST_TERMS;
  const shown = isFolded ? [...all.slice(0, ENDS), ...all.slice(-ENDS)] : all;
  const written = shown.map((bound, i) => write(at, term, bound, i === 0 ? 0 : outer));
  if (isFolded) written.splice(ENDS, 0, [restToken(at, term, all.slice(ENDS, -ENDS))]);
  return written.flatMap((tokens, i) => (i === 0 ? tokens : [separator, ...tokens]));
}

function restToken(at: Writing, term: Formula, hidden: readonly Bound[]): Token {
  const total = hidden.reduce((sum, bound) => sum + evaluate(at, term, bound), 0);
  return { kind: "rest", count: hidden.length, value: Number.isFinite(total) ? total : null };
}

/** The cell's formula with its numbers. */
export function writeOut(at: Writing): Token[] {
  return write(at, at.equation.cell, at.fixed, 0);
}

/** Brackets around fractions before a power and after a division: (3/8)², 1 / (3/8). */
export function withBrackets(tokens: readonly Token[], text: (operand: Token & { kind: "operand" }) => string): Token[] {
  return tokens.flatMap((token, i) => {
    const isTight = tokens[i + 1]?.kind === "power" || isDivision(tokens[i - 1]);
    return token.kind === "operand" && isTight && text(token).includes("/") ? parenthesised([token]) : [token];
  });
}

const isDivision = (token: Token | undefined): boolean => token?.kind === "operator" && token.text === SIGNS["/"];

/** The tokens in pieces between which a line may end: a term of a sum stays together with the sign before it. */
export function piecesOf(tokens: readonly Token[]): Token[][] {
  const pieces: Token[][] = [[]];
  for (const token of tokens) {
    const breaks = token.kind === "operator" ? token.breaks : null;
    if (breaks === "before" && pieces.at(-1)?.length) pieces.push([]);
    pieces.at(-1)?.push(token);
    if (breaks === "after") pieces.push([]);
  }
  return pieces.filter((piece) => piece.length > 0);
}
