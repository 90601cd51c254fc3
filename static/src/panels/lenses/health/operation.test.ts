import { expect, test } from "vitest";
import { failureOf, hiddenOf, numberOf } from "./operation";

test("a sum says how it failed", () => {
  const terms = [{ parts: [], value: "+inf" as const }, { parts: [], value: "-inf" as const }];
  expect(failureOf({ terms, count: 5, infinite: [2, 1] })).toBe("Of its 5 terms 2 are +∞ and 1 is −∞, and ∞ − ∞ is no number.");
  expect(failureOf({ terms, count: 5, infinite: [0, 1] })).toBe("Of its 5 terms 1 is −∞.");
  expect(failureOf({ terms: [{ parts: [], value: 1e308 }], count: 2, infinite: [0, 0] })).toBe("Each of its 2 terms is finite, but their sum is past the largest number.");
  expect(hiddenOf({ terms, count: 5 })).toBe(3);
});

test("names stand for numbers that aren't finite", () => {
  expect((["+inf", "-inf", "nan", 2] as const).map(numberOf)).toEqual([Infinity, -Infinity, NaN, 2]);
});
