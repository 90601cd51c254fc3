import { expect, test } from "vitest";
import { wayTo } from "./strip";

const strip = { left: 12, width: 366 };

test("a part beyond an edge of its strip comes to the middle, one that is seen stays", () => {
  expect(wayTo({ left: 437, width: 66 }, strip)).toBe(437 - 12 - 150);
  expect(wayTo({ left: 340, width: 66 }, strip)).toBe(340 - 12 - 150);
  expect(wayTo({ left: -40, width: 66 }, strip)).toBe(-52 - 150);
  expect(wayTo({ left: 12, width: 66 }, strip)).toBe(0);
  expect(wayTo({ left: 312, width: 66 }, strip)).toBe(0);
});
