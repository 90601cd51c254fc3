import { expect, test } from "vitest";
import { cellInOrder, inDrawingOrder, isTurned, samplesAreColumns } from "./axes";
import { describeCell } from "./trace";
import { gridShape } from "./grid";

const data = [1, 2, 3, 4, 5, 6];
const rows = { axes: ["samples", "units[1]"], shape: [2, 3], data };
const columns = { axes: ["units[1]", "samples"], shape: [3, 2], data: [1, 4, 2, 5, 3, 6] };
const outIn = { axes: ["units[2]", "units[1]"], shape: [2, 3], data };
const inOut = { axes: ["units[1]", "units[2]"], shape: [3, 2], data: [1, 4, 2, 5, 3, 6] };

test("every layout is drawn in one order: samples × units, outputs × inputs", () => {
  const drawn = { rows: 2, columns: 3, data };
  for (const each of [rows, columns, outIn, inOut]) expect(inDrawingOrder(each)).toEqual(drawn);
  expect([rows, columns, outIn, inOut].map(isTurned)).toEqual([false, true, false, true]);
  expect(inDrawingOrder({ axes: ["units[1]"], shape: [3], data: [7, 8, 9] })).toEqual({ rows: 1, columns: 3, data: [7, 8, 9] });
});

test("what is already in that order isn't copied", () => {
  expect(inDrawingOrder(rows).data).toBe(data);
});

test("a place in the drawing is the cell that holds its number", () => {
  for (const each of [rows, columns, outIn, inOut]) {
    for (let row = 0; row < 2; row++) {
      for (let column = 0; column < 3; column++) expect(each.data[cellInOrder(each, row, column)]).toBe(data[3 * row + column]);
    }
  }
});

test("a cell is described by its axes, whatever their order", () => {
  expect(describeCell(rows, 5)).toBe("sample 2, unit 3");
  expect(describeCell(columns, 5)).toBe("unit 3, sample 2");
  expect(describeCell(outIn, 1)).toBe("to unit 1, from unit 2");
  expect(describeCell(inOut, 1)).toBe("from unit 1, to unit 2");
});

test("where samples are columns, a bias stands and the samples' losses lie", () => {
  expect(gridShape([3], ["units[1]"], true)).toMatchObject({ rows: 3, columns: 1, rowName: "unit", columnName: null });
  expect(gridShape([2], ["samples"], true)).toMatchObject({ rows: 1, columns: 2, rowName: null, columnName: "sample" });
  const X = { symbol: "A", title: "", latex: "", layer: 0, iteration: 0 };
  expect(samplesAreColumns({ tensors: { "A[0]@0": { ...X, ...columns } } })).toBe(true);
  expect(samplesAreColumns({ tensors: { "A[0]@0": { ...X, ...rows } } })).toBe(false);
});
