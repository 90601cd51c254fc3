/** An exercise as a word of the address: Z[1]@0:3, Z[1]@0, backward, backward.2, or 7.5.hard (seed, how many, how hard). */
import { DIFFICULTIES, MOST_RANDOM, type Exercise } from "../model/exercise";
import { PHASES, type Phase } from "../model/trace";

export function exerciseText(exercise: Exercise): string {
  switch (exercise.kind) {
    case "cell": return `${exercise.tensor}:${String(exercise.cell)}`;
    case "matrix": return exercise.tensor;
    case "phase": return exercise.iteration === 0 ? exercise.phase : `${exercise.phase}.${String(exercise.iteration + 1)}`;
    case "random": return [exercise.seed, exercise.count, exercise.difficulty].join(".");
  }
}

const TENSOR = /^([A-Za-z_]+\d?[A-Za-z]*(?:\[\d{1,3}\])?@\d{1,6})(?::(\d{1,9}))?$/;
const PHASE = /^([a-z]+)(?:\.(\d{1,6}))?$/;
const RANDOM = /^(\d{1,9})\.(\d{1,2})\.([a-z]+)$/;

function ofTensor(text: string): Exercise | undefined {
  const [, tensor, cell] = TENSOR.exec(text) ?? [];
  if (tensor === undefined) return undefined;
  return cell === undefined ? { kind: "matrix", tensor } : { kind: "cell", tensor, cell: Number(cell) };
}

function ofPhase(text: string): Exercise | undefined {
  const [, name, number = "1"] = PHASE.exec(text) ?? [];
  const phase: Phase | undefined = PHASES.find((each) => each === name);
  return phase && Number(number) > 0 ? { kind: "phase", phase, iteration: Number(number) - 1 } : undefined;
}

function ofSeed(text: string): Exercise | undefined {
  const [, seed, count, name] = RANDOM.exec(text) ?? [];
  const difficulty = DIFFICULTIES.find((each) => each === name);
  const fits = difficulty && Number(count) > 0 && Number(count) <= MOST_RANDOM;
  return fits ? { kind: "random", seed: Number(seed), count: Number(count), difficulty } : undefined;
}

export const parseExercise = (text: string): Exercise | undefined => ofSeed(text) ?? ofPhase(text) ?? ofTensor(text);
