import { expect, test } from "vitest";
import { softmaxSquared, twoTwoOne } from "../../../fixtures/traces";
import { sampleSumOf, type SampleSum } from "../../../model/shares";
import { timelineOf } from "../../../model/timeline";
import type { Trace } from "../../../model/trace";
import { jacobianPlace, type JacobianPlace } from "./jacobian.svelte";
import { factorsOf, isMean, rowsIn, shownSamples, sumsIn } from "./sums";

const timeline = timelineOf(twoTwoOne);

function sumOf(result: string): SampleSum {
  const found = sumsIn(twoTwoOne, timeline, 0).find(({ step }) => step.result === result);
  if (!found) throw new Error(result);
  return found.sum;
}

test("a sample's summand of dW is its column of dZ times its row of A", () => {
  const factors = factorsOf(sumOf("dW[1]@0"), 2);
  expect(factors?.rows).toMatchObject({ id: "dZ[1]@0", slice: { cells: [4, 5] } });
  expect(factors?.columns).toMatchObject({ id: "A[0]@0", slice: { cells: [4, 5] } });
  expect(factorsOf(sumOf("db[1]@0"), 0)).toBeNull();
});

test("the sums are those of the iteration", () => {
  expect(sumsIn(twoTwoOne, timeline, 1).map(({ step }) => step.result)).toEqual(["L@1", "dW[2]@1", "db[2]@1", "dW[1]@1", "db[1]@1"]);
  expect(rowsIn(twoTwoOne, timeline, 1).map(({ ids }) => ids)).toEqual([
    ["A[0]@0", "Y@0", "Z[1]@1", "A[1]@1", "Z[2]@1", "A[2]@1"],
    ["Lp@1"],
    ["dA[2]@1", "dZ[2]@1", "dA[1]@1", "slope[1]@1", "dZ[1]@1"],
  ]);
});

test("whether L is a mean is for L's own sum to say", () => {
  const total = { ...twoTwoOne.equations["mean"], cell: ["sum", "Lp"] };
  const divided = { ...twoTwoOne.equations["affine.dW"], cell: ["/", ["sum", ["*", "dZ", "A"]], ["count", "s"]] };
  const summed = { ...twoTwoOne, equations: { ...twoTwoOne.equations, mean: total, "affine.dW": divided } } as Trace;
  expect(isMean(sumsIn(twoTwoOne, timeline, 0))).toBe(true);
  expect(isMean(sumsIn(summed, timeline, 0))).toBe(false);
  expect(summed.steps.flatMap((step) => sampleSumOf(summed, step) ?? []).length).toBeGreaterThan(3);
});

test("of many samples the ends are shown one by one", () => {
  expect(shownSamples(8, 4)).toEqual({ first: [0, 1, 2, 3, 4, 5, 6, 7], hidden: [], last: [] });
  expect(shownSamples(9, 4)).toEqual({ first: [0, 1, 2], hidden: [3, 4, 5], last: [6, 7, 8] });
});

test("a number that softmax mixes asks for the Jacobian of its own sample and unit", () => {
  const place = (tensor: string, cell: number): JacobianPlace | null => jacobianPlace(softmaxSquared, timelineOf(softmaxSquared), { tensor, cell });
  expect(place("dZ[2]@0", 5)).toEqual({ layer: 2, iteration: 0, sample: 1, unit: 2, dA: "dA[2]@0" });
  expect(place("A[2]@0", 3)).toEqual({ layer: 2, iteration: 0, sample: 1, unit: 0, dA: null });
  for (const tensor of ["Z[2]@0", "dZ[1]@0", "dW[2]@0", "L@0", "Y@0"]) expect(place(tensor, 0), tensor).toBeNull();
});
