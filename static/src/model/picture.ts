/**
 * The sum behind a cell as a picture: the cell formula as parts with their values, which a view draws as tiles.
 * The parts' values are products and partial sums of the numbers shown; the cell's own number is the trace's.
 */
import { evaluate, operandToken, rebound, settings, type Bound, type Writing } from "./cell";
import type { Formula } from "./trace";
import { functionWord } from "./words";

export type Part =
  | { kind: "number"; tensor: string; cell: number; value: number | null }
  | { kind: "constant"; value: number; title: string }
  /** The number of samples, N. */
  | { kind: "count"; value: number }
  | { kind: "product"; factors: Part[]; value: number | null }
  | { kind: "quotient"; top: Part; bottom: Part; value: number | null }
  | { kind: "power"; base: Part; exponent: string; value: number | null }
  | { kind: "negative"; part: Part; value: number | null }
  | { kind: "call"; name: string; parts: Part[]; hidden: number; value: number | null }
  | { kind: "sum"; terms: Term[]; value: number | null };

export interface Term {
  sign: 1 | -1;
  part: Part;
  /** The sum up to here. */
  running: number | null;
  /** The index that the sum's letter has in it; null for what stands beside a sum. */
  index: number | null;
  isKept: boolean;
  /** How many terms this one stands for, where a long sum is folded. */
  folded: number;
}

interface Options {
  /** Indices that the outermost sum leaves out. */
  without: ReadonlySet<number>;
  /** Whether the sum is written as a product with a vector of ones. */
  hasOnes: boolean;
  /** A longer sum shows its ends, with the rest added up. */
  most: number;
  /** The reductions that stand in the picture already: again they are their value alone. */
  shown: Set<string>;
}

/** As in the written sum; within a term, less. */
const MOST_TERMS = 64;
const MOST_INNER = 8;
const ENDS = 4;

const inner = ({ shown }: Options): Options => ({ without: new Set(), hasOnes: false, most: MOST_INNER, shown });

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The parts of a cell's formula. */
export function pictureOf(at: Writing, without: ReadonlySet<number> = new Set()): Part {
  const hasOnes = at.equation.latex.includes("\\mathbf{1}");
  return partOf(at, at.equation.cell, at.fixed, { without, hasOnes, most: MOST_TERMS, shown: new Set() });
}

function partOf(at: Writing, formula: Formula, bound: Bound, options: Options): Part {
  if (typeof formula === "number") return { kind: "constant", value: formula, title: "" };
  if (typeof formula === "string") return numberPart(at, formula, bound);
  const [head, first = 0, second = 0, third = 0] = formula;
  const value = orNull(evaluate(at, formula, bound));
  const part = (each: Formula): Part => partOf(at, each, bound, options);
  switch (head) {
    case "+":
    case "-":
    case "sum": return sumPart(at, formula, bound, options);
    case "*": return { kind: "product", factors: [first, second].flatMap((each) => factorsOf(part(each))), value };
    case "/": return { kind: "quotient", top: part(first), bottom: partOf(at, second, bound, inner(options)), value };
    case "**": return { kind: "power", base: part(first), exponent: String(second), value };
    case "neg": return { kind: "negative", part: part(first), value };
    case "at": return numberPart(at, String(first), rebound(at, String(first), String(second), bound));
    case "count": return { kind: "count", value: value ?? 0 };
    case "apply": return { kind: "call", name: functionWord(String(second)), parts: [partOf(at, third, bound, inner(options))], hidden: 0, value };
    case "max": return listCall(at, "max", first, value, inner(options));
    case "logsumexp": return logSumCall(at, first, bound, value, inner(options));
    default: return { kind: "constant", value: NaN, title: "" };
  }
}

function numberPart(at: Writing, role: string, bound: Bound): Part {
  const { tensor, cell, value } = operandToken(at, role, bound);
  return { kind: "number", tensor, cell, value };
}

const factorsOf = (part: Part): Part[] => (part.kind === "product" ? part.factors : [part]);

function listCall(at: Writing, name: string, term: Formula, value: number | null, options: Options): Part {
  const key = `${name} ${JSON.stringify(term)}`;
  if (options.shown.has(key)) return { kind: "call", name, parts: [], hidden: settings(at).length, value };
  options.shown.add(key);
  const all = settings(at);
  const isFolded = all.length > MOST_INNER;
  const shown = isFolded ? [...all.slice(0, ENDS), ...all.slice(-ENDS)] : all;
  return { kind: "call", name, parts: shown.map((bound) => partOf(at, term, bound, options)), hidden: all.length - shown.length, value };
}

function logSumCall(at: Writing, term: Formula, bound: Bound, value: number | null, options: Options): Part {
  const key = `ln ${JSON.stringify(term)}`;
  if (options.shown.has(key)) return { kind: "call", name: "ln Σ exp", parts: [], hidden: settings(at).length, value };
  options.shown.add(key);
  return { kind: "call", name: "ln", parts: [partOf(at, ["sum", ["apply", "exp", "\\exp", term]], bound, options)], hidden: 0, value };
}

type Summand = Pick<Term, "sign" | "part" | "index" | "folded"> & { value: number; isKept: boolean };

/** Plus, minus and Σ of a formula as one list. */
function summands(at: Writing, formula: Formula, bound: Bound, sign: 1 | -1, options: Options): Summand[] {
  const [head, first = 0, second = 0] = Array.isArray(formula) ? (formula as readonly Formula[]) : [formula];
  if (head === "sum") return summed(at, first, sign, options);
  if (head === "+" || head === "-") {
    const right = head === "+" ? sign : sign === 1 ? -1 : 1;
    return [...summands(at, first, bound, sign, options), ...summands(at, second, bound, right, options)];
  }
  const value = evaluate(at, formula, bound);
  return [{ sign, part: partOf(at, formula, bound, options), index: null, folded: 1, value, isKept: true }];
}

function summed(at: Writing, term: Formula, sign: 1 | -1, options: Options): Summand[] {
  const { without, hasOnes, most } = options;
  const letter = at.free[0] ?? "";
  const all = settings(at);
  const each = (bound: Bound): Summand => {
    const index = bound.get(letter) ?? 0;
    const own = partOf(at, term, bound, inner(options));
    const isKept = !without.has(index);
    const value = evaluate(at, term, bound);
    return { sign, part: hasOnes ? withOne(own, value, isKept) : own, index, folded: 1, value, isKept };
  };
  const isFolded = all.length > most;
  if (!isFolded) return all.map(each);
  return [...all.slice(0, ENDS).map(each), folded(at, term, sign, all.slice(ENDS, -ENDS), without), ...all.slice(-ENDS).map(each)];
}

/** A sample that is left out has 0 for its 1. */
const withOne = (part: Part, value: number, isKept: boolean): Part => ({
  kind: "product",
  factors: [{ kind: "constant", value: isKept ? 1 : 0, title: "an entry of the vector of ones" }, part],
  value: orNull(isKept ? value : 0),
});

function folded(at: Writing, term: Formula, sign: 1 | -1, hidden: readonly Bound[], without: ReadonlySet<number>): Summand {
  const letter = at.free[0] ?? "";
  const value = hidden.reduce((sum, bound) => sum + (without.has(bound.get(letter) ?? 0) ? 0 : evaluate(at, term, bound)), 0);
  const part: Part = { kind: "constant", value, title: "" };
  return { sign, part, index: null, folded: hidden.length, value, isKept: true };
}

function sumPart(at: Writing, formula: Formula, bound: Bound, options: Options): Part {
  let running = 0;
  const terms = summands(at, formula, bound, 1, options).map(({ sign, part, index, folded, value, isKept }): Term => {
    if (isKept) running += sign * value;
    return { sign, part, index, folded, isKept, running: orNull(running) };
  });
  return { kind: "sum", terms, value: orNull(running) };
}

/** The picture's sum, if it has one that is worth a line a term, and what is done to it. */
export interface Ledger {
  terms: readonly Term[];
  isNegative: boolean;
  /** What the sum is divided by, the innermost first. */
  divisors: readonly Part[];
  value: number | null;
}

export function ledgerOf(part: Part): Ledger | null {
  if (part.kind === "sum") return { terms: part.terms, isNegative: false, divisors: [], value: part.value };
  if (part.kind === "negative") {
    const inner = ledgerOf(part.part);
    return inner && { ...inner, isNegative: !inner.isNegative };
  }
  if (part.kind !== "quotient" || (part.bottom.kind !== "count" && part.bottom.kind !== "constant")) return null;
  const inner = ledgerOf(part.top);
  return inner && { ...inner, divisors: [...inner.divisors, part.bottom] };
}

export const valueOf = (part: Part): number | null => ("value" in part ? part.value : null);

/** What the terms that are kept come to. */
export function ledgerValue({ value, isNegative, divisors }: Ledger): number | null {
  const sum = isNegative ? -(value ?? NaN) : (value ?? NaN);
  return orNull(divisors.reduce((quotient, divisor) => quotient / (valueOf(divisor) ?? NaN), sum));
}

/** The largest product of a sum, which its colours are measured by. */
export function largestValue(parts: readonly Part[]): number {
  return parts.reduce((most, part) => {
    const size = Math.abs(valueOf(part) ?? 0);
    return Number.isFinite(size) ? Math.max(most, size) : most;
  }, 0);
}
