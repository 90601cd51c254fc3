import { expect, test } from "vitest";
import { parseNumber, quoted } from "./typed";

test("a number has one point and no unit; what isn't one is none", () => {
  expect(["−0.5", "+1e-3", " 7 ", ".5", "5."].map(parseNumber)).toEqual([-0.5, 0.001, 7, 0.5, 5]);
  for (const text of ["1,5", "1.5 cm", "0x10", "Infinity", "1e999", "--1", ""]) expect(parseNumber(text), text).toBeNull();
});

test.each([
  ["1/3", 1 / 3],
  [" −2 / 4 ", -0.5],
  ["0.3/1.2", 0.3 / 1.2],
])("%j is %d", (text, value) => {
  expect(parseNumber(text)).toBe(value);
});

test.each([
  ["1/0", "“1/0”, a division by 0"],
  ["-1/0.0", "“-1/0.0”, a division by 0"],
  ["1/", "“1/”"],
  ["1/2/3", "“1/2/3”"],
  ["  ", "nothing"],
])("%j is no number", (text, said) => {
  expect(parseNumber(text)).toBeNull();
  expect(quoted(text)).toBe(said);
});
