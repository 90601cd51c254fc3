// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { all, twoTwoOne } from "../fixtures/traces";
import { questionsOf, type Difficulty, type Exercise, type Question } from "../model/exercise";
import { operandCells, parseRule } from "../model/rule";
import { shapesOf } from "../model/cell";
import type { Trace } from "../model/trace";
import { cellKey, firstOpen, masked } from "./blanks";
import { answered, digest, exerciseKey, recordOf, revealed, scoreOf, settledOf, storedRecords, storeRecords, without, type Records } from "./sitting";

const nothing = new Set<string>();
const random = (seed: number, count: number, difficulty: Difficulty): Exercise => ({ kind: "random", seed, count, difficulty });
const cellsOf = (questions: readonly Question[]): string[] => questions.flatMap(({ tensor, cells }) => cells.map((cell) => cellKey(tensor, cell)));

function readBy(trace: Trace, { step, cells }: Question): number {
  const found = trace.steps[step];
  const equation = found && trace.equations[found.equation];
  if (!found || !equation) return Infinity;
  const read = operandCells(parseRule(equation.reads, equation.roles), shapesOf(found, trace), trace.tensors[found.result]?.shape ?? [], cells[0] ?? 0);
  return [...read.values()].flat().length;
}

describe.each(all)("%s", (_, trace) => {
  test("a seed asks the same cells again, another seed others", () => {
    const asked = cellsOf(questionsOf(trace, random(7, 6, "medium")));
    expect(asked).toHaveLength(6);
    expect(new Set(asked).size).toBe(6);
    expect(cellsOf(questionsOf(trace, random(7, 6, "medium")))).toEqual(asked);
    expect(cellsOf(questionsOf(trace, random(8, 6, "medium")))).not.toEqual(asked);
  });

  test("easy answers are made of three numbers at most, medium ones of ten", () => {
    for (const [difficulty, most] of [["easy", 3], ["medium", 10]] as const) {
      for (let seed = 0; seed < 20; seed++) {
        for (const question of questionsOf(trace, random(seed, 9, difficulty))) expect(readBy(trace, question)).toBeLessThanOrEqual(most);
      }
    }
  });

  test("questions come in the order of the steps", () => {
    const steps = questionsOf(trace, random(3, 12, "hard")).map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  });

  test("what is asked, and all that comes after it, is nowhere in the trace", () => {
    const questions = questionsOf(trace, random(5, 4, "hard"));
    const shown = masked(trace, questions, nothing);
    const first = firstOpen(questions, nothing);
    expect(first).toBe(questions[0]);
    trace.steps.forEach(({ result }, index) => {
      const data = shown.tensors[result]?.data ?? [];
      if (index > (first?.step ?? 0)) expect(data.every(Number.isNaN), result).toBe(true);
      else expect(data.map((value, cell) => (Number.isNaN(value) ? cell : -1)).filter((cell) => cell >= 0)).toEqual(index === first?.step ? first.cells : []);
    });
  });

  test("once a question is settled the next one holds the playhead, and in the end nothing does", () => {
    const questions = questionsOf(trace, random(5, 4, "hard"));
    const settled = new Set(cellsOf(questions.slice(0, 1)));
    expect(firstOpen(questions, settled)).toBe(questions[1]);
    expect(masked(trace, questions, new Set(cellsOf(questions)))).toBe(trace);
  });
});

test("a whole phase asks every cell of its steps, in one iteration", () => {
  const questions = questionsOf(twoTwoOne, { kind: "phase", phase: "backward", iteration: 1 });
  const results = twoTwoOne.steps.filter(({ phase, result }) => phase === "backward" && result.endsWith("@1")).map(({ result }) => result);
  expect(questions.map(({ tensor }) => tensor)).toEqual(results);
  for (const { tensor, cells } of questions) expect(cells).toHaveLength(twoTwoOne.tensors[tensor]?.data.length ?? 0);
});

test("what isn't computed, doesn't exist or is unbounded isn't asked", () => {
  expect(questionsOf(twoTwoOne, { kind: "matrix", tensor: "W[1]@0" })).toEqual([]);
  expect(questionsOf(twoTwoOne, { kind: "cell", tensor: "Z[9]@0", cell: 0 })).toEqual([]);
  expect(questionsOf(twoTwoOne, { kind: "cell", tensor: "Z[1]@0", cell: 99 })).toEqual([]);
  const Z = twoTwoOne.tensors["Z[1]@0"];
  if (!Z) throw new Error("Z[1]");
  const broken = { ...twoTwoOne, tensors: { ...twoTwoOne.tensors, "Z[1]@0": { ...Z, data: [null, ...Z.data.slice(1)], unbounded: [{ cell: 0, sign: 1 }] } } };
  expect(questionsOf(broken, { kind: "matrix", tensor: "Z[1]@0" })[0]?.cells).not.toContain(0);
});

test("a sitting counts what was right at once, right later and revealed", () => {
  const key = exerciseKey(digest("{}"), "7.5.easy");
  let records: Records = {};
  records = answered(records, key, "L@0:0", true);
  records = answered(records, key, "Z[1]@0:3", false);
  expect(recordOf(records, key, "Z[1]@0:3")).toEqual({ tries: 1, outcome: null });
  records = answered(records, key, "Z[1]@0:3", true);
  records = revealed(records, key, ["Z[1]@0:3", "Z[1]@0:4"]);
  expect(scoreOf(records)).toEqual({ first: 1, later: 1, revealed: 1 });
  expect([...settledOf(records, key)].sort()).toEqual(["L@0:0", "Z[1]@0:3", "Z[1]@0:4"]);
  expect(answered(records, key, "L@0:0", false)).toBe(records);
  expect(settledOf(records, exerciseKey(digest("{}"), "7.5.hard")).size).toBe(0);
  expect(settledOf(records, exerciseKey(digest("{ }"), "7.5.easy")).size).toBe(0);
  expect(scoreOf(without(records, key))).toEqual({ first: 0, later: 0, revealed: 0 });
});

test("a sitting outlives the page, and a spoiled store does no harm", () => {
  const records = answered({}, "key", "L@0:0", true);
  storeRecords(records);
  expect(storedRecords()).toEqual(records);
  sessionStorage.setItem("chainrule.sitting", '{"a": {"tries": "x"}, "b": 5}');
  expect(storedRecords()).toEqual({});
  sessionStorage.setItem("chainrule.sitting", "{");
  expect(storedRecords()).toEqual({});
  sessionStorage.clear();
});
