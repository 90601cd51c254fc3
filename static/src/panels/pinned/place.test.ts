import { expect, test } from "vitest";
import { softmaxSquared, twoTwoOne } from "../../fixtures/traces";
import { timelineOf, versionsOf } from "../../model/timeline";
import type { Trace } from "../../model/trace";
import { iterationText, oneOverN, samePlace, shortPlace, type OneOverN } from "./place";

const enters = (trace: Trace, tensor: string): OneOverN => oneOverN(trace, timelineOf(trace), { tensor, cell: 0 });

test("1/N enters in the loss, and once on the way back of each iteration", () => {
  expect(enters(twoTwoOne, "L@0")).toEqual({ kind: "here", phase: "loss" });
  expect(enters(twoTwoOne, "dZ[2]@0")).toEqual({ kind: "here", phase: "backward" });
  // ∂L/∂A stands beside the short way and nothing is made from it: its 1/N isn't in dW.
  expect(enters(twoTwoOne, "dW[1]@0")).toEqual({ kind: "before", tensors: ["dZ[2]@0"] });
  expect(enters(softmaxSquared, "dW[1]@0")).toEqual({ kind: "before", tensors: ["dA[2]@0"] });
  // That of the iteration before is in the weights, and not again in these gradients.
  expect(enters(twoTwoOne, "dW[1]@1")).toEqual({ kind: "before", tensors: ["dZ[2]@1"] });
  for (const tensor of ["Z[1]@0", "Lp@0", "slope[1]@0", "W[1]@1"]) expect(enters(twoTwoOne, tensor), tensor).toBeNull();
});

test("the numbers at a unit's and at an edge's place", () => {
  const timeline = timelineOf(twoTwoOne);
  expect(samePlace(twoTwoOne, timeline, { tensor: "Z[1]@0", cell: 3 }, 0)).toEqual(["Z[1]@0", "A[1]@0", "dA[1]@0", "slope[1]@0", "dZ[1]@0"]);
  expect(samePlace(twoTwoOne, timeline, { tensor: "dW[2]@1", cell: 0 }, 0)).toEqual(["W[2]@1", "dW[2]@1", "W[2]@2"]);
  expect(shortPlace({ shape: [3, 2] }, 3)).toBe("2,2");
});

test("a number says whose iteration's it is, but for what all iterations share", () => {
  const timeline = timelineOf(twoTwoOne);
  const at = (tensor: string, iteration: number): string => iterationText(twoTwoOne, timeline, versionsOf(twoTwoOne), tensor, iteration);
  expect(at("dW[1]@0", 1)).toBe("iteration 1");
  expect(at("dW[1]@1", 0)).toBe("iteration 2");
  // Made by the first, and the second starts from it.
  expect(at("W[1]@1", 0)).toBe("iteration 1");
  expect(at("W[1]@1", 1)).toBe("iteration 2");
  expect(at("A[0]@0", 1)).toBe("");
  const one = { ...twoTwoOne, steps: twoTwoOne.steps.slice(0, timeline.spans.findLast((span) => span.iteration === 0)?.end) };
  expect(iterationText(one, timelineOf(one), versionsOf(one), "dW[1]@0", 0)).toBe("");
});
