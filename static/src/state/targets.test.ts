import { expect, test } from "vitest";
import { Targets } from "./targets";

const Y = [[1, 0], [0, 1], [0.5, 0.5]];

test("samples that come back have the targets that they had", () => {
  const targets = new Targets();
  const short = targets.forSamples({ preset: "one", Y }, 1);
  expect(short).toEqual([[1, 0]]);
  expect(targets.forSamples({ preset: "one", Y: short }, 3)).toEqual(Y);
  expect(targets.forSamples({ preset: "one", Y: [[0, 1]] }, 2)).toEqual([[0, 1], [0, 1]]);
  expect(targets.forSamples({ preset: "one", Y }, 4)).toEqual([...Y, [0.5, 0.5]]);
});

test("those of another preset or of another number of outputs aren't theirs", () => {
  const targets = new Targets();
  targets.forSamples({ preset: "one", Y }, 1);
  expect(targets.forSamples({ preset: "two", Y: [[1, 0]] }, 2)).toEqual([[1, 0], [1, 0]]);
  targets.forSamples({ preset: "two", Y }, 1);
  expect(targets.forSamples({ preset: "two", Y: [[7]] }, 2)).toEqual([[7], [7]]);
});
