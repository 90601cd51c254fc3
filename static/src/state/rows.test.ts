import { expect, test } from "vitest";
import { parseRows, rowsText } from "./rows";

test("a table comes back from its text", () => {
  const rows = [[1, -2.5, 1e-7], [0.1, 3, 4]];
  expect(parseRows(rowsText(rows))).toEqual({ rows });
  expect(parseRows(rowsText(rows, ";"), ";")).toEqual({ rows });
});

test("commas, spaces, tabs and a true minus sign are all read", () => {
  expect(parseRows("1 2,3\n\n−4\t5 , 6\n")).toEqual({ rows: [[1, 2, 3], [-4, 5, 6]] });
});

test("a fraction is a number too, with spaces around its bar or not", () => {
  expect(parseRows("1/3, -1 / 4 2\n0,.5/2,1")).toEqual({ rows: [[1 / 3, -0.25, 2], [0, 0.25, 1]] });
});

test.each([
  ["1, 1/0", "Line 1, column 2: expected a number, got “1/0”, a division by 0."],
  ["1, 2\n3, x", "Line 2, column 2: expected a number, got “x”."],
  ["1, 2\n3", "Line 2 has 1 number; the first row has 2."],
  ["1,,2", "Line 1, column 2: expected a number, got nothing."],
  ["", "Expected at least one row of numbers."],
  ["1e999", "Line 1, column 1: expected a number, got “1e999”."],
])("%j is a problem: %s", (text, problem) => {
  expect(parseRows(text)).toEqual({ problem });
});
