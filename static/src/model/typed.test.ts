import { expect, test } from "vitest";
import { parseNumber, quoted } from "./typed";

test.each([
  ["1/3", 1 / 3],
  [" −2 / 4 ", -0.5],
  ["0.3/1.2", 0.3 / 1.2],
  ["-.5", -0.5],
  ["1e-3", 0.001],
])("%j is %d", (text, value) => {
  expect(parseNumber(text)).toBe(value);
});

test.each([
  ["1/0", "“1/0”, a division by 0"],
  ["-1/0.0", "“-1/0.0”, a division by 0"],
  ["1/", "“1/”"],
  ["1/2/3", "“1/2/3”"],
  ["1e999", "“1e999”"],
  ["0x10", "“0x10”"],
  ["  ", "nothing"],
])("%j is no number", (text, said) => {
  expect(parseNumber(text)).toBeNull();
  expect(quoted(text)).toBe(said);
});
