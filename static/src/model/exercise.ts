/** Exercises: which cells of a trace are asked. The same trace and the same exercise ask the same cells everywhere. */
import { shapesOf } from "./cell";
import { operandCells, parseRule } from "./rule";
import { sizeOf, type Phase, type Step, type Trace } from "./trace";
import { timelineOf } from "./timeline";

export const DIFFICULTIES = ["easy", "medium", "hard"] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

export type Exercise =
  | { kind: "cell"; tensor: string; cell: number }
  | { kind: "matrix"; tensor: string }
  | { kind: "phase"; phase: Phase; iteration: number }
  | { kind: "random"; seed: number; count: number; difficulty: Difficulty };

/** The cells of one step's result that are asked. */
export interface Question {
  step: number;
  tensor: string;
  cells: readonly number[];
}

/** How many numbers an answer may be made of. */
export const MOST_READ: Readonly<Record<Difficulty, number>> = { easy: 3, medium: 10, hard: Infinity };
/** Nobody types more cells of one matrix. */
export const MOST_CELLS = 400;
export const MOST_RANDOM = 50;

const span = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** Whether a step only copies, as the identity does: there is nothing to work out. */
const copies = (trace: Trace, { equation }: Step): boolean => typeof trace.equations[equation]?.cell === "string";

/** The cells that hold a number: an unbounded one can't be typed. */
function finiteCells(trace: Trace, tensor: string): number[] {
  const { data = [] } = trace.tensors[tensor] ?? {};
  return span(data.length).filter((cell) => Number.isFinite(data[cell] ?? NaN));
}

/** Whether a matrix can be asked as a whole. */
export function isAskable(trace: Trace, tensor: string): boolean {
  return sizeOf(trace.tensors[tensor]?.shape ?? []) <= MOST_CELLS && finiteCells(trace, tensor).length > 0;
}

/** How many numbers a cell of a step's result is made of, by its index rule. */
function readCount(trace: Trace, step: Step, cell: number): number {
  const equation = trace.equations[step.equation];
  if (!equation) return Infinity;
  const rule = parseRule(equation.reads, equation.roles);
  const cells = operandCells(rule, shapesOf(step, trace), trace.tensors[step.result]?.shape ?? [], cell);
  return [...cells.values()].reduce((count, own) => count + own.length, 0);
}

/** Numbers from 0 to 1 that depend on the seed alone, in every browser alike (Mulberry32: whole-number arithmetic). */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(items: readonly T[], next: () => number): T[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}

/** Steps of the first iteration that are light enough, in turn: one cell of each until there are as many as asked for. */
function randomQuestions(trace: Trace, { seed, count, difficulty }: Extract<Exercise, { kind: "random" }>): Question[] {
  const { iterationOf } = timelineOf(trace);
  const next = chance(seed);
  const eligible = span(trace.steps.length).filter((index) => {
    const step = trace.steps[index];
    return step && iterationOf[index] === iterationOf[0] && !copies(trace, step) && readCount(trace, step, 0) <= MOST_READ[difficulty];
  });
  const order = shuffled(eligible, next).map((index) => ({ index, tensor: trace.steps[index]?.result ?? "" }));
  const pools = order.map(({ tensor }) => shuffled(finiteCells(trace, tensor), next));
  const turns = pools.flatMap((pool, place) => pool.map((cell, turn) => ({ cell, turn, place })));
  turns.sort((a, b) => a.turn - b.turn || a.place - b.place);
  const chosen = turns.slice(0, count);
  return order
    .map(({ index, tensor }, place) => ({ step: index, tensor, cells: chosen.filter((each) => each.place === place).map(({ cell }) => cell) }))
    .filter(({ cells }) => cells.length > 0);
}

function phaseQuestions(trace: Trace, phase: Phase, iteration: number): Question[] {
  const { spans } = timelineOf(trace);
  const part = spans.find((each) => each.phase === phase && each.iteration === iteration);
  return span(trace.steps.length)
    .slice(part?.start ?? 0, part?.end ?? 0)
    .flatMap((index) => {
      const step = trace.steps[index];
      return step && !copies(trace, step) && isAskable(trace, step.result) ? [wholeQuestion(trace, index, step.result)] : [];
    });
}

const wholeQuestion = (trace: Trace, step: number, tensor: string): Question => ({ step, tensor, cells: finiteCells(trace, tensor) });

function chosenQuestions(trace: Trace, exercise: Exercise): Question[] {
  if (exercise.kind === "random") return randomQuestions(trace, exercise);
  if (exercise.kind === "phase") return phaseQuestions(trace, exercise.phase, exercise.iteration);
  const step = trace.steps.findIndex(({ result }) => result === exercise.tensor);
  if (step < 0) return [];
  if (exercise.kind === "matrix") return isAskable(trace, exercise.tensor) ? [wholeQuestion(trace, step, exercise.tensor)] : [];
  const isFinite = finiteCells(trace, exercise.tensor).includes(exercise.cell);
  return isFinite ? [{ step, tensor: exercise.tensor, cells: [exercise.cell] }] : [];
}

/** What is asked, in the order in which it is computed, so that nothing is asked before what it is made from. */
export function questionsOf(trace: Trace, exercise: Exercise): Question[] {
  const sorted = chosenQuestions(trace, exercise).sort((a, b) => a.step - b.step);
  return sorted.map((question) => ({ ...question, cells: [...question.cells].sort((a, b) => a - b) }));
}
