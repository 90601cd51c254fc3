import { describe, expect, it } from "vitest";
import { neighbour } from "../../model/grid";
import { gridOf, parameterName } from "./cells";
import { pathsOf } from "./paths";

const layer = {
  W: [[1, 2], [3, 4], [5, 6]], b: [7, 8, 9],
  dW: [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], db: [0.7, 0.8, 0.9],
  W_next: null, b_next: null, W_change: null, b_change: null,
};

describe("a layer as one grid", () => {
  it("has the biases as its last column", () => {
    expect(gridOf(layer, "before")).toEqual({ rows: 3, columns: 3, cells: [1, 2, 7, 3, 4, 8, 5, 6, 9] });
    expect(gridOf(layer, "gradient")?.cells[5]).toBe(0.8);
    expect(gridOf(layer, "after")).toBeNull();
  });

  it("names its cells, counted from 1", () => {
    const grid = { rows: 3, columns: 3, cells: [] };
    expect(parameterName(2, grid, 7)).toBe("W[2] 3,2");
    expect(parameterName(2, grid, 8)).toBe("b[2] 3");
  });

  it("is walked through by arrow keys, not over its edges", () => {
    const grid = { rows: 3, columns: 3, cells: [] };
    expect(neighbour(grid, 4, "ArrowUp")).toBe(1);
    expect(neighbour(grid, 4, "ArrowRight")).toBe(5);
    expect(neighbour(grid, 5, "ArrowRight")).toBeNull();
    expect(neighbour(grid, 1, "ArrowUp")).toBeNull();
    expect(neighbour(grid, 4, "Enter")).toBeNull();
  });
});

describe("pieces of a line", () => {
  it("are joined whichever way they point", () => {
    const pieces = Float32Array.from([1, 0, 2, 0, 1, 0, 0, 0, 3, 0, 2, 0]);
    const [path, ...rest] = pathsOf(pieces);
    expect(rest).toEqual([]);
    const xs = path?.map(([x]) => x) ?? [];
    expect([[0, 1, 2, 3], [3, 2, 1, 0]]).toContainEqual(xs);
  });

  it("of a ring end where they begin, and of two lines stay two", () => {
    const ring = pathsOf(Float32Array.from([0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0]));
    expect(ring).toHaveLength(1);
    expect(ring[0]).toHaveLength(4);
    expect(pathsOf(Float32Array.from([0, 0, 1, 0, 5, 5, 6, 5]))).toHaveLength(2);
    expect(pathsOf(new Float32Array())).toEqual([]);
  });
});
