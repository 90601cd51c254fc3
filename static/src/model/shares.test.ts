import { describe, expect, test } from "vitest";
import { all, twoTwoOne } from "../fixtures/traces";
import { dividesByCount, sampleList, sampleSumOf, shareOf, sliceOf, sumOver, type SampleSum } from "./shares";
import type { Trace } from "./trace";

function sumsOf(trace: Trace): SampleSum[] {
  return trace.steps.flatMap((step) => sampleSumOf(trace, step) ?? []);
}

describe.each(all)("%s", (_, trace) => {
  test("dW, db and L are the sums over the samples, and nothing else is", () => {
    expect(new Set(sumsOf(trace).map(({ result }) => result.symbol))).toEqual(new Set(["dW", "db", "L"]));
  });

  test("the samples' shares add up to the number of the trace", () => {
    for (const sum of sumsOf(trace)) {
      const shares = Array.from({ length: sum.count }, (_, sample) => shareOf(sum, sample));
      sum.result.data.forEach((value, cell) => {
        const total = shares.reduce((part, share) => part + (share[cell] ?? NaN), 0);
        expect(total, `${sum.result.latex} ${cell}`).toBeCloseTo(value ?? NaN, 12);
      });
    }
  });

  test("a partial sum is the whole less the share that is left out", () => {
    for (const sum of sumsOf(trace)) {
      const others = Array.from({ length: sum.count }, (_, sample) => sample).slice(1);
      const first = shareOf(sum, 0);
      sumOver(sum, others).forEach((value, cell) => {
        expect(value + (first[cell] ?? NaN)).toBeCloseTo(sum.result.data[cell] ?? NaN, 12);
      });
    }
  });
});

test("a share of dW is an outer product, a share of L its loss through N", () => {
  const { tensors } = twoTwoOne;
  const [dZ = [], A = [], Lp = []] = ["dZ[2]@0", "A[1]@0", "Lp@0"].map((id) => tensors[id]?.data);
  const sumOf = (result: string): SampleSum | undefined => twoTwoOne.steps.flatMap((step) => (step.result === result ? (sampleSumOf(twoTwoOne, step) ?? []) : []))[0];
  const [dW, L] = [sumOf("dW[2]@0"), sumOf("L@0")];
  if (!dW || !L) throw new Error("no sums");
  expect(shareOf(dW, 1)).toEqual([Number(dZ[1]) * Number(A[2]), Number(dZ[1]) * Number(A[3])]);
  expect(shareOf(L, 2)).toEqual([Number(Lp[2]) / 3]);
  expect(dividesByCount(L.equation.cell)).toBe(true);
  expect(dividesByCount(dW.equation.cell)).toBe(false);
});

test("a sample's slice keeps the places of its cells", () => {
  const Z = twoTwoOne.tensors["Z[1]@0"];
  const L = twoTwoOne.tensors["L@0"];
  if (!Z || !L) throw new Error("no tensors");
  expect(sliceOf(Z, 1)).toMatchObject({ cells: [2, 3], tensor: { shape: [2], axes: ["units[1]"], data: Z.data.slice(2, 4) } });
  expect(sliceOf(L, 1)).toBeNull();
});

test("samples are listed by their numbers", () => {
  expect(sampleList([1])).toBe("2");
  expect(sampleList([0, 2, 3])).toBe("1, 3 and 4");
});
