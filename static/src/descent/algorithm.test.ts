import { expect, test } from "vitest";
import { linesOf, numbersOf, placeOf, stationAt, stationsOf, stopLatex, writtenAt } from "./algorithm";
import type { Path, Quantities } from "./types";

const stop = { most: 100, valueChange: null, gradientNorm: 1e-6, require: "either" } as const;
const head = (symbol: string, shape: number[]) => ({ symbol, title: symbol, latex: symbol, layer: null, iteration: 0, axes: shape.map(() => "variables"), shape });
const quantities: Quantities = {
  equations: {
    "surface.value": { title: "", latex: "", reads: "n->", roles: ["theta"], cell: ["apply", "f", "f", "theta"] },
    "surface.gradient": { title: "", latex: "", reads: "n->m", roles: ["theta"], cell: ["apply", "f", "f", "theta"] },
    gradient_descent: { title: "", latex: "", reads: "...,...,->...", roles: ["theta", "dtheta", "eta"], cell: ["-", "theta", ["*", "eta", "dtheta"]] },
  },
  steps: [
    { phase: "forward", equation: "surface.value", operands: { theta: "theta@0" }, result: "L@0" },
    { phase: "backward", equation: "surface.gradient", operands: { theta: "theta@0" }, result: "dtheta@0" },
    { phase: "update", equation: "gradient_descent", operands: { theta: "theta@0", dtheta: "dtheta@0", eta: "eta@0" }, result: "theta@1" },
  ],
  lines: [{ title: "value", latex: "L" }, { title: "gradient", latex: "g" }, { title: "move", latex: "m" }],
  tensors: { "theta@0": head("theta", [2]), "L@0": head("L", []), "dtheta@0": head("dtheta", [2]), "eta@0": head("eta", []), "theta@1": head("theta", [2]) },
  constants: { "eta@0": [0.1] },
  columns: { "theta@0": [[3, 3]], "L@0": [54], "dtheta@0": [[9, 27]], "theta@1": [[2.1, 0.3]] },
};
const path: Path = { stopped_by: "max_iterations", iterations: 1, theta: [[3, 3], [2.1, 0.3]], value: [54, 5.4], gradient: [[9, 27], [4.5, 4.5]], gradient_norm: [28, 6], step_size: [0.1] };

test("the program's steps stand in its order, the test between reading and moving, the move once a component", () => {
  const lines = linesOf(quantities, stop);
  expect(lines.map(({ kind }) => kind)).toEqual(["start", "loop", "step", "step", "stop", "each", "component", "component", "next"]);
  expect(stationsOf(lines)).toEqual([2, 3, 4, 6, 7, 8]);
});

test("an iteration is shared out among the stations, and an address with two digits leaves none of them", () => {
  for (const count of [6, 13, 25]) {
    for (let station = 0; station < count; station++) {
      const at = Math.round(placeOf(41, station, count) * 100) / 100;
      expect(Math.floor(at)).toBe(41);
      expect(stationAt(at, count)).toBe(station);
    }
  }
  expect(placeOf(3, 0, 6)).toBe(3);
});

test("numbers come from the columns, the constants, and for the last point from the path", () => {
  expect(numbersOf("dtheta@0", 1, quantities, path)).toEqual([4.5, 4.5]);
  expect(numbersOf("L@0", 1, quantities, path)).toEqual([5.4]);
  expect(numbersOf("eta@0", 1, quantities, path)).toEqual([0.1]);
  expect(numbersOf("theta@1", 0, quantities, path)).toEqual([2.1, 0.3]);
  expect(numbersOf("theta@1", 1, quantities, path)).toEqual([]);
});

test("the move is written out for each component", () => {
  const texts = [0, 1].map((cell) => writtenAt(0, 2, cell, quantities, path).map((token) => ("text" in token ? token.text : "value" in token ? String(token.value) : "")).join(""));
  expect(texts.map((text) => text.replace(/\s/g, ""))).toEqual(["3−0.1·9", "3−0.1·27"]);
});

test("the loop's test says what was asked for", () => {
  expect(stopLatex(stop)).toContain("\\varepsilon_2");
  expect(stopLatex({ ...stop, valueChange: 1e-3, require: "both" })).toMatch(/varepsilon_1.*and.*varepsilon_2/);
  expect(stopLatex({ ...stop, gradientNorm: null })).toBe("k = k_{\\max}");
});
