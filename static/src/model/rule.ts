/** Index rules such as "sk,ok,o->so": which operand cells one result cell reads, and which results a cell feeds. */
import { flatOf, indicesOf } from "./trace";

type Shape = readonly number[];
/** One list of indices an axis: the cells are their product. */
type Choices = readonly (readonly number[])[];

const ALL = "...";

export interface IndexRule {
  /** One word a role: letters, "..." for all axes of the result, or "" for a scalar. */
  words: ReadonlyMap<string, string>;
  result: string;
}

export function parseRule(reads: string, roles: readonly string[]): IndexRule {
  const [operands = "", result = ""] = reads.split("->");
  const words = operands.split(",");
  return { words: new Map(roles.map((role, i) => [role, words[i] ?? ""])), result };
}

/** Each letter's length, from the operands that have it. */
export function letterLengths(rule: IndexRule, shapes: ReadonlyMap<string, Shape>): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const [role, word] of rule.words) {
    if (word === ALL) continue;
    [...word].forEach((letter, axis) => lengths.set(letter, shapes.get(role)?.[axis] ?? 0));
  }
  return lengths;
}

/** The letters that a sum runs over: those that aren't in the result's word. */
export function summedLetters(rule: IndexRule): string[] {
  const words = [...rule.words.values()].filter((word) => word !== ALL).join("");
  return [...new Set(words)].filter((letter) => !rule.result.includes(letter));
}

/** The index that a result cell gives to each letter of its word. */
export function lettersOf(rule: IndexRule, cell: number, shape: Shape): Map<string, number> {
  if (rule.result === ALL) return new Map();
  const indices = indicesOf(cell, shape);
  return new Map([...rule.result].map((letter, axis) => [letter, indices[axis] ?? 0]));
}

const span = (length: number): number[] => Array.from({ length }, (_, index) => index);

function product(choices: Choices, shape: Shape): number[] {
  let cells: number[][] = [[]];
  for (const axis of choices) cells = cells.flatMap((cell) => axis.map((index) => [...cell, index]));
  return cells.map((indices) => flatOf(indices, shape));
}

/** The cells of each operand that a result cell reads, as flat indices. */
export function operandCells(
  rule: IndexRule,
  shapes: ReadonlyMap<string, Shape>,
  resultShape: Shape,
  resultCell: number,
): Map<string, number[]> {
  const fixed = lettersOf(rule, resultCell, resultShape);
  const cells = new Map<string, number[]>();
  for (const [role, word] of rule.words) {
    const shape = shapes.get(role) ?? [];
    if (word === ALL) {
      cells.set(role, [resultCell]);
      continue;
    }
    const choices = [...word].map((letter, axis) => {
      const index = fixed.get(letter);
      return index === undefined ? span(shape[axis] ?? 0) : [index];
    });
    cells.set(role, product(choices, shape));
  }
  return cells;
}

/** The result cells that one operand cell feeds, as flat indices. */
export function fedCells(
  rule: IndexRule,
  shapes: ReadonlyMap<string, Shape>,
  resultShape: Shape,
  role: string,
  cell: number,
): number[] {
  const word = rule.words.get(role) ?? "";
  if (word === ALL) return [cell];
  if (rule.result === ALL) return span(resultShape.reduce((size, length) => size * length, 1));
  const indices = indicesOf(cell, shapes.get(role) ?? []);
  const choices = [...rule.result].map((letter, axis) => {
    const place = word.indexOf(letter);
    return place < 0 ? span(resultShape[axis] ?? 0) : [indices[place] ?? 0];
  });
  return product(choices, resultShape);
}
