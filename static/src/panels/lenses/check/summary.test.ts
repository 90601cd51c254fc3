import { describe, expect, test } from "vitest";
import { halfStep, leftOutOf, summaryOf } from "./summary";
import type { Verdict } from "./types";

const said = (...verdicts: Verdict[]): string => summaryOf(verdicts.map((verdict) => ({ verdict })));

describe("the summary of a gradient check", () => {
  test("counts only gradients that were compared among those that agree", () => {
    expect(said("pass", "pass")).toMatch(/^All 2 gradients agree/);
    expect(said("pass", "pass", "kink")).toMatch(/^2 of 3 gradients agree .* 1 can’t be compared: every cell is at a kink/);
    expect(said("pass", "fail", "kink")).toMatch(/^1 of 3 gradients don’t agree .* 1 can’t be compared/);
    expect(said("kink")).toMatch(/^None of 1 gradient can be compared/);
  });

  test("has the h of a cell's own central difference", () => {
    expect(halfStep({ steps: [0.5, 0.25] }, 1)).toBe(0.125);
    expect(halfStep({ steps: [] }, 0)).toBeNull();
  });

  test("says how many cells of a gradient were left out", () => {
    expect(leftOutOf({ kinks: [], backprop: [1, 2] })).toBe("");
    expect(leftOutOf({ kinks: [0], backprop: [1, 2] })).toMatch(/^1 of 2 cells is left out/);
    expect(leftOutOf({ kinks: [0, 1], backprop: [1, 2] })).toMatch(/^Nothing is compared/);
  });
});
