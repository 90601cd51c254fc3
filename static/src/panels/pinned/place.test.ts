import { expect, test } from "vitest";
import { twoTwoOne as trace } from "../../fixtures/traces";
import { timelineOf } from "../../model/timeline";
import { iterationText, oneOverN } from "./place";

const timeline = timelineOf(trace);

test("1/N entered a gradient in its own iteration, however many went before", () => {
  expect(oneOverN(trace, timeline, { tensor: "dW[1]@1", cell: 0 })).toEqual({ kind: "before", tensors: ["dZ[2]@1"] });
  expect(oneOverN(trace, timeline, { tensor: "dZ[2]@1", cell: 0 })).toEqual({ kind: "here", phase: "backward" });
});

test("a number says whose iteration's it is, but for what all iterations share", () => {
  const at = (tensor: string, iteration: number): string => iterationText(trace, timeline, tensor, iteration);
  expect(at("dW[1]@0", 1)).toBe("iteration 1");
  expect(at("dW[1]@1", 0)).toBe("iteration 2");
  // Made by the first, and the second starts from it.
  expect(at("W[1]@1", 0)).toBe("iteration 1");
  expect(at("W[1]@1", 1)).toBe("iteration 2");
  expect(at("A[0]@0", 1)).toBe("");
  const one = { ...trace, steps: trace.steps.slice(0, timeline.spans.findLast((span) => span.iteration === 0)?.end) };
  expect(iterationText(one, timelineOf(one), "dW[1]@0", 0)).toBe("");
});
