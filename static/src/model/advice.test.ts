import { expect, test } from "vitest";
import { twoTwoOne } from "../fixtures/traces";
import { adviceFor } from "./advice";

const until = (end: number): typeof twoTwoOne => ({ ...twoTwoOne, steps: twoTwoOne.steps.slice(0, end) });
const update = twoTwoOne.steps.findIndex(({ phase }) => phase === "update");
const GIVEN = "This is before the first update: the numbers given are too large. Try smaller ones.";

test("before the first update it is the given numbers, whatever the learning rate", () => {
  expect(adviceFor(until(0), "Z[1]@0", 1)).toBe(GIVEN);
  expect(adviceFor(until(update - 1), "dW[1]@0", 2)).toBe(GIVEN);
});

test("in an update and after it, it is the learning rate", () => {
  expect(adviceFor(until(update), "W[1]@1", 1)).toBe("Try a smaller learning rate.");
  expect(adviceFor(until(update + 1), "v[1]@0", 1)).toBe("Try a smaller learning rate.");
  expect(adviceFor(until(twoTwoOne.steps.length - 1), "Z[1]@1", 2)).toBe("Try a smaller learning rate or fewer iterations.");
});
