import { expect, test } from "vitest";
import { specialText, specialTitle } from "./special";

test("a result that isn't a number or isn't finite says so", () => {
  expect([specialText("nan", 4), specialTitle("nan")]).toEqual(["NaN", "not a number"]);
  expect([specialText("-inf", 4), specialTitle("-inf")]).toEqual(["−∞", "unbounded"]);
  expect([specialText(0.5, 4), specialTitle(0.5)]).toEqual(["0.5", "0.5"]);
});
