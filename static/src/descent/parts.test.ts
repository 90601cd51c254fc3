import { expect, test } from "vitest";
import { partsOf } from "./parts";
import type { Quantities } from "./types";

const update = (equation: string, operands: Record<string, string>, result: string) => ({ phase: "update" as const, equation, operands, result });
const recorded = (steps: Quantities["steps"], columns: Quantities["columns"], constants: Quantities["constants"]): Quantities =>
  ({ equations: {}, lines: [], tensors: {}, steps, columns, constants });

const velocity = update("momentum.velocity", { v: "v@0", dtheta: "dtheta@0", mu: "mu@0", share: "share@0" }, "v@1");
const columns = { "dtheta@0": [[9, 27], [4.5, -4]], "v@0": [[0, 0], [9, 27]], "v@1": [[9, 27], [12, 20]], "share@0": [1, 0.5], "theta@0": [[3, 3], [2, 0]], "theta@1": [[2, 0], [0.8, -2]] };
const constants = { "mu@0": [0.9], "eta@0": [0.1] };

test("the parts of a momentum step add up to the step", () => {
  const found = recorded([velocity, update("gradient_descent", { theta: "theta@0", dtheta: "v@1", eta: "eta@0" }, "theta@1")], columns, constants);
  const [carried, pull] = partsOf(found, 1);
  expect(carried?.vector.map((each) => Number(each.toFixed(9)))).toEqual([-0.81, -2.43]);
  expect(pull).toEqual({ label: "−η(1−τ)g", kind: "gradient", vector: [-0.225, 0.2] });
  expect(partsOf(found, 0)[1]?.label).toBe("−ηg");
});

test("Nesterov's step reads the velocity that it has just made", () => {
  const found = recorded([velocity, update("nesterov", { theta: "theta@0", dtheta: "dtheta@0", v: "v@1", eta: "eta@0", mu: "mu@0" }, "theta@1")], columns, constants);
  const [carried, pull] = partsOf(found, 1);
  expect(carried?.vector.map((each) => Number(each.toFixed(9)))).toEqual([-1.08, -1.8]);
  expect(pull?.vector.map((each) => Number(each.toFixed(9)))).toEqual([-0.45, 0.4]);
});

test("Adam's averaged gradient only points, and other methods have no parts", () => {
  const adam = recorded([update("adaptive_step", { dtheta: "m_hat@0" }, "theta@1")], { "m_hat@0": [[9, -2]] }, {});
  expect(partsOf(adam, 0)).toEqual([{ label: "−m̂", kind: "direction", vector: [-9, 2] }]);
  expect(partsOf(adam, 5)).toEqual([]);
  const plain = recorded([update("gradient_descent", { theta: "theta@0", dtheta: "dtheta@0", eta: "eta@0" }, "theta@1")], columns, constants);
  expect(partsOf(plain, 0)).toEqual([]);
});
