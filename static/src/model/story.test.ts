import { expect, test } from "vitest";
import { all, twoTwoOne } from "../fixtures/traces";
import { formatCell } from "./format";
import type { WriteNumber } from "./narration";
import { chaptersOf, sentenceOf } from "./story";
import { asMarkdown, asTable, asText, MOST_SENTENCES } from "./story_text";
import { timelineOf } from "./timeline";
import type { Trace } from "./trace";

const four: WriteNumber = (_, __, value) => formatCell(value);
const chapters = (trace: Trace, iteration = 0): ReturnType<typeof chaptersOf> => chaptersOf(trace, timelineOf(trace), iteration);

test("an iteration's chapters are what it is given and its own steps, in their order", () => {
  const first = chapters(twoTwoOne);
  const timeline = timelineOf(twoTwoOne);
  const steps = twoTwoOne.steps.filter((_, index) => timeline.iterationOf[index] === 0);
  expect(first.flatMap(({ made }) => made?.step ?? [])).toEqual(steps);
  expect(first.filter(({ made }) => !made).map(({ id }) => id)).toEqual(
    expect.arrayContaining(["A[0]@0", "W[1]@0", "b[1]@0", "Y@0", "eta@0"]),
  );
  const second = chapters(twoTwoOne, 1);
  expect(second.find(({ made }) => made)?.made?.index).toBe(steps.length);
  expect(second.filter(({ made }) => !made).map(({ id }) => id).sort()).toEqual(["A[0]@0", "Y@0", "eta@0"]);
  // Updated weights are named apart from those that they come from.
  expect(new Set(first.map(({ key }) => key)).size).toBe(first.length);
});

test("a chapter names its step, phase, tensor and shape; its formula is LaTeX for any program", () => {
  const Z = chapters(twoTwoOne).find(({ id }) => id === "Z[2]@0");
  expect(Z?.heading).toBe("Step 3, forward: Z[2], the pre-activation of layer 2, 3 × 1");
  expect(Z?.made?.operands).toEqual([{ name: "A[1]", shape: "3 × 2" }, { name: "W[2]", shape: "1 × 2" }, { name: "b[2]", shape: "1" }]);
  expect(Z?.made?.latex).toContain("W^{(2)}");
  for (const [, trace] of all) for (const { made } of chapters(trace)) expect(made?.latex ?? "").not.toContain("htmlData");
});

test("what an update makes has a name of its own in the formula too", () => {
  const W = chapters(twoTwoOne).find(({ key }) => key === "new W[1]");
  expect(W?.made?.latex).toMatch(/^\{W\^\{\(1\)\}_\{\\text\{new\}\}\} = \{W\^\{\(1\)\}\} - /);
});

test("the text holds every sentence under its step's heading", () => {
  const text = asText("The trace", twoTwoOne, chapters(twoTwoOne), four);
  for (const chapter of chapters(twoTwoOne)) {
    expect(text).toContain(`\n\n${chapter.heading}.\n`);
    for (let cell = 0; cell < chapter.size; cell++) expect(text).toContain(sentenceOf(twoTwoOne, chapter, cell, four).text);
  }
});

test("a table has a row a step, and its values read back as the trace's", () => {
  const rows = asTable(chapters(twoTwoOne), "\t").trimEnd().split("\r\n").map((line) => line.split("\t"));
  expect(rows[0]).toEqual(["step", "phase", "equation", "latex", "operands", "result", "shape", "values"]);
  const made = chapters(twoTwoOne).filter(({ made }) => made);
  expect(rows.slice(1)).toHaveLength(made.length);
  made.forEach(({ tensor }, i) => {
    const values = JSON.parse(rows[i + 1]?.[7] ?? "") as number[] | number[][] | number;
    expect([values].flat(2)).toEqual(tensor.data);
  });
});

test("commas in a field are quoted in CSV", () => {
  const csv = asTable(chapters(twoTwoOne), ",");
  const Z = csv.split("\r\n")[1] ?? "";
  expect(Z).toContain('"[[');
  expect(Z.split('"').length % 2).toBe(1);
});

test("Markdown's own signs are escaped", () => {
  const text = asMarkdown("The trace", twoTwoOne, chapters(twoTwoOne), four);
  expect(text).toContain("| 1 | Forward | ");
  expect(text).toContain("- Z\\[1\\], row 1, unit 1 = ");
  const bars = text.split("\n").filter((line) => line.startsWith("| ")).map((line) => line.split("|").length);
  expect(new Set(bars)).toEqual(new Set([8]));
});

test("a large trace is cut in each step, and says by how much", () => {
  const size = MOST_SENTENCES + 1;
  const [Z, ...others] = chapters(twoTwoOne).filter(({ made }) => made);
  if (!Z) throw new Error("no step");
  const text = asText("The trace", twoTwoOne, [{ ...Z, size }, ...others], four);
  expect(text.split("\n").length).toBeLessThan(MOST_SENTENCES);
  expect(text).toMatch(/… and \d+ more numbers/);
});
