import { expect, test } from "vitest";
import { boundsText, isWithin } from "./bounds";

test("a bound is within, unless it is open", () => {
  expect(isWithin(0, { minimum: 0 })).toBe(true);
  expect(isWithin(0, { minimum: 0, openBelow: true })).toBe(false);
  // Too small for a float: it is 0.
  expect(isWithin(Number("1e-400"), { minimum: 0, openBelow: true })).toBe(false);
  expect(isWithin(5e-324, { minimum: 0, openBelow: true })).toBe(true);
  expect(isWithin(1, { minimum: 0, maximum: 1 })).toBe(true);
  expect(isWithin(1, { minimum: 0, maximum: 1, openAbove: true })).toBe(false);
  expect(isWithin(Infinity, {})).toBe(false);
});

test("bounds are said as they are kept", () => {
  expect(boundsText({})).toBe("");
  expect(boundsText({ minimum: 0 })).toBe(" of at least 0");
  expect(boundsText({ minimum: 0, openBelow: true })).toBe(" above 0");
  expect(boundsText({ minimum: 0, maximum: 1 })).toBe(" from 0 to 1");
  expect(boundsText({ minimum: 0, maximum: 1, openAbove: true })).toBe(" of at least 0 and below 1");
});
