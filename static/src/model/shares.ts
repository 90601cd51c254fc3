/**
 * Sums over the samples (dW, db, L), taken apart: each sample's own summand, and what the sum is without some of them.
 * An equation is such a sum where the samples are all that it sums over; its cell formula is worked out with the sum
 * running over the samples that are kept.
 */
import { shapesOf } from "./cell";
import { letterLengths, parseRule, summedLetters, type IndexRule } from "./rule";
import { indicesOf, sizeOf, valueAt, type Equation, type Formula, type Step, type Tensor, type Trace } from "./trace";

export interface SampleSum {
  equation: Equation;
  rule: IndexRule;
  /** The rule's letter for the samples, and how many there are. */
  letter: string;
  count: number;
  result: Tensor;
  operands: ReadonlyMap<string, { id: string; tensor: Tensor }>;
}

const SAMPLES = "samples";

/** A step as a sum over the samples, or null where it is none, or an exercise asks its result. */
export function sampleSumOf(trace: Trace, step: Step): SampleSum | null {
  const equation = trace.equations[step.equation];
  const result = trace.tensors[step.result];
  if (!equation || !result || result.data.some(Number.isNaN)) return null;
  const rule = parseRule(equation.reads, equation.roles);
  const [letter, ...more] = summedLetters(rule);
  if (letter === undefined || more.length > 0 || rule.result === "...") return null;
  const operands = new Map<string, { id: string; tensor: Tensor }>();
  for (const [role, id] of Object.entries(step.operands)) {
    const tensor = trace.tensors[id];
    if (tensor) operands.set(role, { id, tensor });
  }
  const isSamples = [...rule.words].some(([role, word]) => operands.get(role)?.tensor.axes[word.indexOf(letter)] === SAMPLES);
  const count = letterLengths(rule, shapesOf(step, trace)).get(letter) ?? 0;
  return isSamples ? { equation, rule, letter, count, result, operands } : null;
}

/** The letters' indices; one object that is written over, since a matrix has many cells. */
type Setting = Map<string, number>;
type Compiled = (at: Setting) => number;

function operand({ rule, operands }: SampleSum, role: string): Compiled {
  const tensor = operands.get(role)?.tensor;
  const letters = [...(rule.words.get(role) ?? "")];
  if (!tensor) return () => NaN;
  const strides = letters.map((_, axis) => sizeOf(tensor.shape.slice(axis + 1)));
  return (at) => valueAt(tensor, letters.reduce((flat, letter, axis) => flat + (at.get(letter) ?? 0) * (strides[axis] ?? 1), 0)) ?? NaN;
}

/** A cell formula as a function of its letters' indices; NaN where it holds what no sum over samples has. */
function compile(sum: SampleSum, formula: Formula, kept: readonly number[]): Compiled {
  if (typeof formula === "number") return () => formula;
  if (typeof formula === "string") return operand(sum, formula);
  const [head, first = 0, second = 0] = formula;
  const left = (): Compiled => compile(sum, first, kept);
  const right = (): Compiled => compile(sum, second, kept);
  switch (head) {
    case "+": return both(left(), right(), (a, b) => a + b);
    case "-": return both(left(), right(), (a, b) => a - b);
    case "*": return both(left(), right(), (a, b) => a * b);
    case "/": return both(left(), right(), (a, b) => a / b);
    case "neg": return both(left(), () => 0, (a) => -a);
    case "count": return () => sum.count;
    case "sum": return over(sum.letter, left(), kept);
    default: return () => NaN;
  }
}

const both = (left: Compiled, right: Compiled, join: (a: number, b: number) => number): Compiled =>
  (at) => join(left(at), right(at));

function over(letter: string, term: Compiled, kept: readonly number[]): Compiled {
  return (at) => {
    let total = 0;
    for (const sample of kept) {
      at.set(letter, sample);
      total += term(at);
    }
    return total;
  };
}

/** The sum over some samples alone, with the result's shape. N stays the number of all samples. */
export function sumOver(sum: SampleSum, kept: readonly number[]): number[] {
  const value = compile(sum, sum.equation.cell, kept);
  const at: Setting = new Map();
  return Array.from({ length: sizeOf(sum.result.shape) }, (_, cell) => {
    indicesOf(cell, sum.result.shape).forEach((index, axis) => at.set(sum.rule.result[axis] ?? "", index));
    return value(at);
  });
}

/** What one sample adds. */
export const shareOf = (sum: SampleSum, sample: number): number[] => sumOver(sum, [sample]);

/** A tensor's cells of one sample, with their places in the tensor. */
export interface SampleSlice {
  tensor: Tensor;
  cells: number[];
}

export function sliceOf(tensor: Tensor, sample: number): SampleSlice | null {
  const axis = tensor.axes.indexOf(SAMPLES);
  if (axis < 0) return null;
  const inner = sizeOf(tensor.shape.slice(axis + 1));
  const length = tensor.shape[axis] ?? 1;
  const cells = tensor.data.flatMap((_, cell) => (Math.floor(cell / inner) % length === sample ? [cell] : []));
  const kept = (_: unknown, place: number): boolean => place !== axis;
  const data = cells.map((cell) => tensor.data[cell] ?? null);
  const unbounded = tensor.unbounded?.flatMap(({ cell, sign }) => (cells.includes(cell) ? [{ cell: cells.indexOf(cell), sign }] : [])) ?? null;
  return { tensor: { ...tensor, axes: tensor.axes.filter(kept), shape: tensor.shape.filter(kept), data, unbounded }, cells };
}

/** "1", "1 and 3", "1, 2 and 3": samples by their numbers. */
export function sampleList(samples: readonly number[]): string {
  const names = samples.map((sample) => String(sample + 1));
  const last = names.pop() ?? "";
  return names.length > 0 ? `${names.join(", ")} and ${last}` : last;
}

/** Whether a formula divides by the number of samples: where 1/N enters. */
export function dividesByCount(formula: Formula): boolean {
  if (!Array.isArray(formula)) return false;
  const node = formula as readonly Formula[];
  return node[0] === "count" || node.some(dividesByCount);
}
