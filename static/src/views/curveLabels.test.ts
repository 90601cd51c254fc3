import { expect, test } from "vitest";
import { sideOf } from "./curveLabels";

test("the number of a level stands at the end where the curve is away from it", () => {
  const identity = [-4, -2, 0, 2, 4];
  expect(sideOf(identity, -4)).toBe("end");
  expect(sideOf(identity, 4)).toBe("start");
  expect(sideOf(identity.toReversed(), 4)).toBe("end");
  // A square: both ends are as high.
  expect(sideOf([4, 1, 0, 1, 4], 4)).toBe("start");
  expect(sideOf([NaN, -4, 0, 9], -4)).toBe("end");
});
