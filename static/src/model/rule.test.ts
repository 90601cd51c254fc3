import { describe, expect, test } from "vitest";
import { fedCells, operandCells, parseRule, summedLetters } from "./rule";
import { indicesOf, sizeOf } from "./trace";

type Shape = readonly number[];
const cases: [reads: string, shapes: Shape[], result: Shape][] = [
  ["sk,ok,o->so", [[3, 5], [7, 5], [7]], [3, 7]],
  ["so,sk->ok", [[3, 7], [3, 5]], [7, 5]],
  ["so->o", [[3, 7]], [7]],
  ["so,ok->sk", [[3, 7], [7, 5]], [3, 5]],
  ["...,...->...", [[3, 4], [3, 4]], [3, 4]],
  ["...,...,->...", [[4], [4], []], [4]],
  ["sk->so", [[3, 4]], [3, 4]],
  ["sk,sk->s", [[3, 4], [3, 4]], [3]],
  ["s->", [[3]], []],
];
const roles = ["a", "b", "c"];

/** Whether a result cell reads an operand cell, straight from the definition, cell by cell. */
function reads(rule: string, place: number, cell: number, shape: Shape, result: number, resultShape: Shape): boolean {
  const [words = "", made = ""] = rule.split("->");
  const word = words.split(",")[place] ?? "";
  if (word === "...") return cell === result;
  const at = indicesOf(cell, shape);
  const to = indicesOf(result, resultShape);
  return [...word].every((letter, axis) => !made.includes(letter) || at[axis] === to[made.indexOf(letter)]);
}

describe.each(cases)("%s", (text, shapes, resultShape) => {
  const names = roles.slice(0, shapes.length);
  const rule = parseRule(text, names);
  const shapeOf = new Map(names.map((role, i) => [role, shapes[i] ?? []]));

  test("reads and feeds what the definition says, and nothing else", () => {
    for (let result = 0; result < sizeOf(resultShape); result++) {
      const read = operandCells(rule, shapeOf, resultShape, result);
      names.forEach((role, place) => {
        const shape = shapes[place] ?? [];
        for (let cell = 0; cell < sizeOf(shape); cell++) {
          const expected = reads(text, place, cell, shape, result, resultShape);
          expect(read.get(role)?.includes(cell), `${role} ${cell} → ${result}`).toBe(expected);
          const fed = fedCells(rule, shapeOf, resultShape, role, cell);
          expect(fed.includes(result), `${role} ${cell} feeds ${result}`).toBe(expected);
        }
      });
    }
  });
});

test("a sum runs over the letters that the result doesn't have", () => {
  expect(summedLetters(parseRule("sk,ok,o->so", ["A", "W", "b"]))).toEqual(["k"]);
  expect(summedLetters(parseRule("...,...->...", ["a", "b"]))).toEqual([]);
  expect(summedLetters(parseRule("s->", ["Lp"]))).toEqual(["s"]);
});
