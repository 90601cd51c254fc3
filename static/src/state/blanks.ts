/**
 * Blanks: while an exercise is open, what it asks is nowhere on the page. Whatever draws a number takes it from the
 * trace, so the trace itself is blanked: a cell that is asked is NaN, which no trace of the server holds, which is
 * written "?", and which makes everything that the browser works out from it NaN too.
 */
import type { Question } from "../model/exercise";
import type { Tensor, Trace } from "../model/trace";

/** A cell's place in the records of a sitting. */
export const cellKey = (tensor: string, cell: number): string => `${tensor}:${String(cell)}`;

export const openCells = ({ tensor, cells }: Question, settled: ReadonlySet<string>): number[] =>
  cells.filter((cell) => !settled.has(cellKey(tensor, cell)));

/** The question that has to be answered before the playhead may go on. */
export function firstOpen(questions: readonly Question[], settled: ReadonlySet<string>): Question | null {
  return questions.find((question) => openCells(question, settled).length > 0) ?? null;
}

export const isBlank = (tensor: Pick<Tensor, "data"> | undefined, cell: number): boolean => Number.isNaN(tensor?.data[cell]);

function blanked(tensor: Tensor, cells: ReadonlySet<number> | null): Tensor {
  const data = tensor.data.map((value, cell) => (cells === null || cells.has(cell) ? NaN : value));
  const unbounded = tensor.unbounded?.filter(({ cell }) => cells !== null && !cells.has(cell)) ?? null;
  return { ...tensor, data, unbounded };
}

/** The trace without what is still asked, and without anything that comes after the first such step. */
export function masked(trace: Trace, questions: readonly Question[], settled: ReadonlySet<string>): Trace {
  const first = firstOpen(questions, settled);
  if (!first) return trace;
  const tensors: Record<string, Tensor> = { ...trace.tensors };
  const hide = (id: string, cells: ReadonlySet<number> | null): void => {
    const tensor = tensors[id];
    if (tensor) tensors[id] = blanked(tensor, cells);
  };
  hide(first.tensor, new Set(openCells(first, settled)));
  for (const { result } of trace.steps.slice(first.step + 1)) hide(result, null);
  return { ...trace, tensors };
}
