import { expect, test } from "vitest";
import { all, softmaxSquared, twoTwoOne } from "../fixtures/traces";
import { formatCell } from "./format";
import { cellSentence, givenSentence, type WriteNumber } from "./narration";
import { sayNumber } from "./speech";
import { valueAt, type Step, type Trace } from "./trace";

const four: WriteNumber = (_, __, value) => formatCell(value);

function stepOf(trace: Trace, result: string): Step {
  const step = trace.steps.find((each) => each.result === result);
  if (!step) throw new Error(`no step makes ${result}`);
  return step;
}

const number = (trace: Trace, id: string, cell: number): string => {
  const tensor = trace.tensors[id];
  return formatCell(tensor && valueAt(tensor, cell));
};
const bracketed = (text: string): string => (text.startsWith("−") ? `(${text})` : text);

test("a sentence names its number, its place, what it is made of and what it is", () => {
  const x = (k: number): string => number(twoTwoOne, "A[0]@0", 2 + k);
  const w = (k: number): string => number(twoTwoOne, "W[1]@0", k);
  const products = `${bracketed(x(0))} · ${bracketed(w(0))} + ${bracketed(x(1))} · ${bracketed(w(1))}`;
  const { text } = cellSentence(twoTwoOne, stepOf(twoTwoOne, "Z[1]@0"), 2, four);
  expect(text.replace(/^Z\[1\], row 2, unit 1 = /, "")).not.toBe(text);
  expect(text.replaceAll(/[()]/g, "")).toBe(
    `Z[1], row 2, unit 1 = ${products} + ${number(twoTwoOne, "b[1]@0", 0)} = ${number(twoTwoOne, "Z[1]@0", 2)}.`.replaceAll(/[()]/g, ""),
  );
});

test("spoken, it has no sign that a screen reader swallows", () => {
  for (const [, trace] of all) {
    for (const step of trace.steps) {
      const { spoken } = cellSentence(trace, step, 0, four);
      expect(spoken).not.toMatch(/[−·/()[\]=²′σ√≈|]/);
      expect(spoken).not.toMatch(/ {2}| ,|NaN|undefined/);
      expect(spoken.split(" equals ").length).toBeGreaterThanOrEqual(3);
    }
  }
});

test("brackets around one number aren't spoken, others are", () => {
  const tanh = cellSentence(twoTwoOne, stepOf(twoTwoOne, "A[1]@0"), 0, four);
  expect(tanh.text).toMatch(/^A\[1\], row 1, unit 1 = tanh\(/);
  expect(tanh.spoken).toMatch(/^A of layer 1, row 1, unit 1 equals tanh of (minus )?[\d.]+ equals /);
  const loss = cellSentence(softmaxSquared, stepOf(softmaxSquared, "Lp@0"), 0, four);
  expect(loss.spoken).toContain("open bracket");
  expect(loss.spoken).toContain("squared");
});

test("what an update makes is new", () => {
  const step = stepOf(twoTwoOne, "W[1]@1");
  const { text, spoken } = cellSentence(twoTwoOne, step, 1, four);
  expect(text).toMatch(/^new W\[1\], to unit 1, from unit 2 = /);
  expect(spoken).toMatch(/^new W of layer 1, to unit 1, from unit 2 equals /);
});

test("one number alone has no place", () => {
  expect(cellSentence(twoTwoOne, stepOf(twoTwoOne, "L@0"), 0, four).text).toMatch(/^L = \(?[\d.]+ \+ /);
});

test("what is given is given", () => {
  const { text, spoken } = givenSentence(twoTwoOne, "A[0]@0", 1, four);
  expect(text).toBe(`X, row 1, input 2 = ${number(twoTwoOne, "A[0]@0", 1)}, given.`.replace("input", "unit"));
  expect(spoken).toMatch(/^X, row 1, unit 2 is /);
});

test("fractions stand in the sentence, with brackets before a power", () => {
  const step = stepOf(softmaxSquared, "Lp@0");
  const thirds: WriteNumber = () => "1/3";
  const { text, spoken } = cellSentence(softmaxSquared, step, 0, thirds);
  expect(text).toContain("1/3");
  expect(spoken).toContain("1 over 3");
});

test("a number that an exercise asks isn't told", () => {
  const tensor = twoTwoOne.tensors["Z[1]@0"];
  if (!tensor) throw new Error("no Z");
  const masked: Trace = { ...twoTwoOne, tensors: { ...twoTwoOne.tensors, "Z[1]@0": { ...tensor, data: tensor.data.map(() => NaN) } } };
  const { text } = cellSentence(masked, stepOf(masked, "A[1]@0"), 0, four);
  expect(text).toContain("tanh(?)");
});

test.each([
  ["−3/8", "minus 3 over 8"],
  ["1.235e−4", "1.235 times 10 to the minus 4"],
  ["≈−0.4211", "about minus 0.4211"],
  ["<1e−12", "less than 1 times 10 to the minus 12"],
  ["−∞", "minus infinity"],
  ["·", "not computed yet"],
  ["12", "12"],
])("“%s” is spoken “%s”", (text, spoken) => {
  expect(sayNumber(text)).toBe(spoken);
});
