import { expect, test } from "vitest";
import { axisName, figure, figureWidths, gridShape, moveTo, visibleRange } from "./grid";

test("axes have plain names", () => {
  expect(["samples", "units[0]", "units[2]"].map(axisName)).toEqual(["sample", "input", "unit"]);
});

test("matrices, vectors and single numbers become grids", () => {
  const matrix = gridShape([3, 7], ["samples", "units[1]"]);
  expect(matrix).toEqual({ rows: 3, columns: 7, rowName: "sample", columnName: "unit" });
  expect(gridShape([7], ["units[1]"])).toMatchObject({ rows: 1, columns: 7, rowName: null });
  expect(gridShape([3], ["samples"])).toMatchObject({ rows: 3, columns: 1, columnName: null });
  expect(gridShape([], [])).toMatchObject({ rows: 1, columns: 1 });
});

test("arrow keys stay inside the grid", () => {
  const grid = gridShape([2, 3], ["samples", "units[1]"]);
  expect(moveTo("ArrowRight", 2, grid)).toBe(2);
  expect(moveTo("ArrowDown", 2, grid)).toBe(5);
  expect(moveTo("Home", 5, grid)).toBe(3);
  expect(moveTo("End", 3, grid)).toBe(5);
  expect(moveTo("ArrowUp", 1, grid)).toBe(1);
  expect(moveTo("a", 1, grid)).toBeNull();
});

test("only what is near the frame is drawn", () => {
  expect(visibleRange(0, 260, 26, 1000)).toEqual({ first: 0, end: 13 });
  expect(visibleRange(2600, 260, 26, 1000)).toEqual({ first: 97, end: 113 });
  expect(visibleRange(99999, 260, 26, 100).end).toBe(100);
});

test("figures split at the decimal point; powers of ten don't", () => {
  expect(figure("−0.4211")).toEqual({ whole: "−0", rest: ".4211" });
  expect(figure("5")).toEqual({ whole: "5", rest: "" });
  expect(figure("1.2e−5").rest).toBeNull();
  expect(figure("+∞").rest).toBeNull();
  expect(figureWidths(["−12.5", "0.4211", "+∞"].map((text) => figure(text)))).toEqual({ whole: 3.3, rest: 4.5, word: 2 });
  expect(figureWidths(["3", "12"].map((text) => figure(text)))).toEqual({ whole: 2, rest: 0, word: 0 });
});

test("in scientific form powers of ten split at the point, so that mantissas and exponents stand in line", () => {
  expect(figure("−5.000e−1", true)).toEqual({ whole: "−5", rest: ".000e−1" });
  expect(figure("1.235e12", true)).toEqual({ whole: "1", rest: ".235e12" });
  expect(figure("0", true)).toEqual({ whole: "0", rest: "" });
  expect(figure("+∞", true).rest).toBeNull();
  expect(figureWidths([figure("1.235e−4", true)])).toEqual({ whole: 1, rest: 6.8, word: 0 });
});
