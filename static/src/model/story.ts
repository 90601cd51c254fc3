/** A trace as a story: what is given, then step by step what is made. */
import { formatShape, sayShape } from "./format";
import { indexed, plainLatex } from "./latex";
import { cellSentence, givenSentence, isRenewal, resultName, type Sentence, type WriteNumber } from "./narration";
import type { Timeline } from "./timeline";
import type { Phase, Step, Tensor, Trace } from "./trace";
import { ofLayer, PHASE_WORDS, shortName } from "./words";

export interface Operand {
  name: string;
  shape: string;
}

/** A tensor in its turn; what is given has no step. */
export interface Chapter {
  id: string;
  /** The same in every iteration. */
  key: string;
  tensor: Tensor;
  heading: string;
  size: number;
  made: Made | null;
}

export interface Made {
  /** Its place in the trace. */
  index: number;
  step: Step;
  phase: Phase;
  /** The equation in words. */
  words: string;
  latex: string;
  operands: readonly Operand[];
  result: Operand;
}

const described = (name: string, tensor: Tensor): string => {
  const title = tensor.layer === 0 ? tensor.title : ofLayer(tensor);
  return `${name}, the ${title}, ${sayShape(tensor.shape)}`;
};

/** The chapters of one iteration. */
export function chaptersOf(trace: Trace, timeline: Timeline, iteration: number): Chapter[] {
  const places = trace.steps.flatMap((step, index) => (timeline.iterationOf[index] === iteration ? [{ step, index }] : []));
  const made = places.flatMap(({ step, index }) => chapterOf(trace, step, index) ?? []);
  return [...givenIn(trace, timeline, places.map(({ step }) => step)), ...made];
}

/** What these steps read and no step makes, in the order in which it is needed. */
function givenIn(trace: Trace, timeline: Timeline, steps: readonly Step[]): Chapter[] {
  const read = new Set(steps.flatMap((step) => Object.values(step.operands)));
  return [...read].flatMap((id) => {
    const tensor = trace.tensors[id];
    if (!tensor || timeline.producers.has(id)) return [];
    return [{ id, key: `given ${shortName(id)}`, tensor, heading: `Given: ${described(shortName(id), tensor)}`, size: tensor.data.length, made: null }];
  });
}

function chapterOf(trace: Trace, step: Step, index: number): Chapter | null {
  const tensor = trace.tensors[step.result];
  const equation = trace.equations[step.equation];
  if (!tensor || !equation) return null;
  const operands = Object.entries(step.operands).flatMap(([role, id]) => {
    const operand = trace.tensors[id];
    return operand ? [{ role, id, tensor: operand }] : [];
  });
  const name = resultName(step);
  const resultLatex = isRenewal(step) ? indexed(tensor.latex, "\\text{new}") : tensor.latex;
  return {
    id: step.result,
    key: name,
    tensor,
    heading: `Step ${index + 1}, ${PHASE_WORDS[step.phase].toLowerCase()}: ${described(name, tensor)}`,
    size: tensor.data.length,
    made: {
      index,
      step,
      phase: step.phase,
      words: equation.title,
      latex: plainLatex(equation.latex, new Map(operands.map(({ role, tensor: { latex } }) => [role, latex])), resultLatex),
      operands: operands.map(({ id, tensor: { shape } }) => ({ name: shortName(id), shape: formatShape(shape) })),
      result: { name, shape: formatShape(tensor.shape) },
    },
  };
}

/** One number of a chapter as a sentence. */
export function sentenceOf(trace: Trace, { id, made }: Chapter, cell: number, write: WriteNumber): Sentence {
  return made ? cellSentence(trace, made.step, cell, write) : givenSentence(trace, id, cell, write);
}
