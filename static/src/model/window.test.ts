import { expect, test } from "vitest";
import { rowsSeen } from "./window";

test("the rows that are drawn are those that are seen, and some around them", () => {
  expect(rowsSeen(0, 280, 28, 1000)).toEqual({ from: 0, to: 22 });
  expect(rowsSeen(2800, 280, 28, 1000)).toEqual({ from: 88, to: 122 });
  expect(rowsSeen(2800, 280, 28, 3)).toEqual({ from: 3, to: 3 });
});
