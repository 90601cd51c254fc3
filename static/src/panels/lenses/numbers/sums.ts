/** What the numbers lens shows of sums over the samples, and of one row of the batch. */
import { indexed } from "../../../model/latex";
import { dividesByCount, sampleSumOf, sliceOf, type SampleSlice, type SampleSum } from "../../../model/shares";
import type { Timeline } from "../../../model/timeline";
import type { Step, Tensor, Trace } from "../../../model/trace";
import type { TensorData } from "../../../views/types";

const MOST_SHOWN = 8;
const ENDS = 3;
/** Of a matrix with more cells than this, only the first and the last sample are shown. */
const LARGE = 800;

/** The samples that are shown one by one, and those between them. */
export function shownSamples(count: number, cells: number): { first: number[]; hidden: number[]; last: number[] } {
  const all = Array.from({ length: count }, (_, sample) => sample);
  const [most, ends] = cells > LARGE ? [2, 1] : [MOST_SHOWN, ENDS];
  if (count <= most) return { first: all, hidden: [], last: [] };
  return { first: all.slice(0, ends), hidden: all.slice(ends, -ends), last: all.slice(-ends) };
}

/** The factors of an outer product: one sample's row of each operand, the result's rows first. */
export interface Factors {
  rows: { id: string; slice: SampleSlice };
  columns: { id: string; slice: SampleSlice };
}

export function factorsOf(sum: SampleSum, sample: number): Factors | null {
  const factorOf = (letter: string | undefined): Factors["rows"] | null => {
    const [role] = [...sum.rule.words].find(([, word]) => letter !== undefined && word.includes(letter)) ?? [];
    const operand = sum.operands.get(role ?? "");
    const slice = operand ? sliceOf(operand.tensor, sample) : null;
    return operand && slice ? { id: operand.id, slice } : null;
  };
  const [rows, columns] = [factorOf(sum.rule.result[0]), factorOf(sum.rule.result[1])];
  return rows && columns ? { rows, columns } : null;
}

/** A vector that stands upright, as a matrix of one column. */
export const upright = (vector: TensorData): TensorData => ({ ...vector, axes: [...vector.axes, ""], shape: [...vector.shape, 1] });

/** One sample's numbers, named as the lecture names them: Z with its row's number, or its column's. */
export function sampleLatex(tensor: Tensor, sample: number): string {
  const number = String(sample + 1);
  const axis = tensor.axes.indexOf("samples");
  return indexed(tensor.latex, axis < 0 ? number : tensor.axes.map((_, place) => (place === axis ? number : ":")).join(","));
}

/** The steps of an iteration that sum over the samples. */
export function sumsIn(trace: Trace, timeline: Timeline, iteration: number): { step: Step; sum: SampleSum }[] {
  return trace.steps.flatMap((step, index) => {
    const sum = timeline.iterationOf[index] === iteration ? sampleSumOf(trace, step) : null;
    return sum ? [{ step, sum }] : [];
  });
}

/** The tensors of an iteration that have a row for each sample, in the order in which they are made; X and Y first. */
export function rowsIn(trace: Trace, timeline: Timeline, iteration: number): { phase: string; ids: string[] }[] {
  const hasRows = (id: string): boolean => trace.tensors[id]?.axes.includes("samples") ?? false;
  const given = Object.keys(trace.tensors).filter((id) => hasRows(id) && !timeline.producers.has(id));
  const made = (phase: Step["phase"]): string[] =>
    trace.steps.flatMap((step, index) => (step.phase === phase && timeline.iterationOf[index] === iteration && hasRows(step.result) ? [step.result] : []));
  return [
    { phase: "forward", ids: [...given, ...made("forward")] },
    { phase: "loss", ids: made("loss") },
    { phase: "backward", ids: made("backward") },
  ].filter(({ ids }) => ids.length > 0);
}

/** Whether L is the mean of the samples' losses, and not their sum. */
export const isMean = (sums: readonly { sum: SampleSum }[]): boolean =>
  sums.some(({ sum }) => sum.result.axes.length === 0 && dividesByCount(sum.equation.cell));
