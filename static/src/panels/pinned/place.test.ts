import { expect, test } from "vitest";
import { twoTwoOne as trace } from "../../fixtures/traces";
import { timelineOf } from "../../model/timeline";
import { oneOverN } from "./place";

const timeline = timelineOf(trace);

test("1/N entered a gradient in its own iteration, however many went before", () => {
  expect(oneOverN(trace, timeline, { tensor: "dW[1]@1", cell: 0 })).toEqual({ kind: "before", tensors: ["dZ[2]@1"] });
  expect(oneOverN(trace, timeline, { tensor: "dZ[2]@1", cell: 0 })).toEqual({ kind: "here", phase: "backward" });
});
