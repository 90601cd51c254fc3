import { expect, test } from "vitest";
import { adamwStep, twoTwoOne } from "../../../fixtures/traces";
import { followedGradient, goalOf } from "./goal";

test("with a penalty it isn't L alone that an update makes smaller, nor g that it follows", () => {
  expect(goalOf({ l1: 0, l2: 0.5 })).toMatchObject({ name: "L + R", gradient: "r" });
  expect(goalOf({ l1: 0, l2: 0 })).toMatchObject({ name: "L", gradient: "g" });
  expect(goalOf(null).name).toBe("L");
});

test("the gradient is named as in the trace: biases have no penalty", () => {
  expect(followedGradient(adamwStep, "W[1]", 7)).toEqual({ id: "rW[1]@7", latex: "r_{W}^{(1)}" });
  expect(followedGradient(adamwStep, "b[1]", 7)).toEqual({ id: "db[1]@7", latex: null });
  expect(followedGradient(twoTwoOne, "W[1]", 1)).toEqual({ id: "dW[1]@1", latex: null });
});
