import { expect, test } from "vitest";
import { digitsName, formatCell, formatError, formatShape, fractionLength, fullDigits } from "./format";

test.each<[number | null, string]>([
  [null, "·"],
  [NaN, "?"],
  [0, "0"],
  [-0, "−0"],
  [Infinity, "+∞"],
  [-Infinity, "−∞"],
  [1e-13, "<1e−12"],
  [-1e-13, ">−1e−12"],
  [1, "1"],
  [-8, "−8"],
  [0.5, "0.5"],
  [0.50000001, "0.5000"],
  [-2.4591, "−2.459"],
  [0.07880, "0.0788"],
  [0.078804, "0.07880"],
  [9.99996, "10.00"],
  [0.001, "0.001"],
  [0.00099999, "0.001000"],
  [0.00012345, "1.234e−4"],
  [-1e-4, "−1e−4"],
  [1234, "1234"],
  [9999.6, "1.000e4"],
  [12345, "1.235e4"],
  [1e300, "1e300"],
])("%d is written %s", (value, text) => {
  expect(formatCell(value)).toBe(text);
});

test("more digits on request", () => {
  expect(formatCell(-2.45912345, 6)).toBe("−2.45912");
  expect(formatCell(12345, 6)).toBe("12345");
});

test.each<[number | null, string]>([
  [-2.45912, "−2.4591"],
  [0.0787993, "0.0788"],
  [0.00787993, "0.0079"],
  [6.27820001, "6.2782"],
  [3.99999, "4.0000"],
  [0.00005, "0.0001"],
  [0.00004999, "4.999e−5"],
  [99999.99999, "100000.0000"],
  [123456.7, "1.2346e5"],
  [1e199, "1e199"],
  [0.5, "0.5"],
  [-8, "−8"],
  [0, "0"],
  [-0, "−0"],
  [1e-13, "<1e−12"],
  [-1e-13, ">−1e−12"],
  [Infinity, "+∞"],
  [null, "·"],
])("with four decimals %d is written %s", (value, text) => {
  expect(formatCell(value, "4f")).toBe(text);
});

test.each<[number, string]>([
  [0.5, "5.000000e−1"],
  [-1234.5678, "−1.234568e3"],
  [9.99999999, "1.000000e1"],
  [1e-13, "1.000000e−13"],
  [0, "0"],
  [-0, "−0"],
  [Infinity, "+∞"],
])("in scientific form %d is written %s", (value, text) => {
  expect(formatCell(value, "7e")).toBe(text);
});

test.each<[number, string | null | undefined, string]>([
  [-0.375, "-3/8", "−3/8"],
  [2, "2", "2"],
  [0.3333333333333333, "1/3", "1/3"],
  [5.5e-17, "0", "0"],
  [-0, "0", "−0"],
  [0.6931471805599453, null, "≈0.6931"],
  [-0.5, null, "≈−0.5"],
  [0.6931471805599453, undefined, "0.6931"],
  [1e-13, null, "<1e−12"],
  [Infinity, null, "+∞"],
])("with fractions %d, whose fraction is %s, is written %s", (value, fraction, text) => {
  expect(formatCell(value, "fractions", fraction)).toBe(text);
});

test("a fraction is shown only where fractions were chosen", () => {
  expect(formatCell(-0.375, 4, "-3/8")).toBe("−0.375");
});

test("17 digits read back as the same number, whatever its size", () => {
  const values = [0.1, 0.1 + 0.2, -1 / 3, 1e-7, 123456789.123456, 5e-324, 1.7976931348623157e308, 2 ** 53 + 2, 4.9e-13];
  for (const value of values) {
    for (const digits of [17, "17e"] as const) {
      expect(Number(formatCell(value, digits).replaceAll("−", "-"))).toBe(value);
    }
  }
});

test("a choice of digits has a name", () => {
  expect(digitsName(4)).toBe("4");
  expect(digitsName("4f")).toBe("4 decimals");
  expect(digitsName("7e")).toBe("7, scientific");
  expect(digitsName("fractions")).toBe("exact fractions");
});

test("all digits read back as the same number", () => {
  for (const value of [0.1, 0.1 + 0.2, -1 / 3, 1e-7, 123456789.123456, 2 ** 53 + 2, 5e-324]) {
    expect(Number(fullDigits(value).replaceAll("−", "-"))).toBe(value);
  }
  expect(fullDigits(-0)).toBe("−0");
  expect(fullDigits(-Infinity)).toBe("−∞ (unbounded)");
  expect(fullDigits(null)).toBe("not computed yet");
  expect(fullDigits(NaN)).toBe("asked in the exercise");
});

test("shapes and decimal points", () => {
  expect(formatShape([3, 7])).toBe("3 × 7");
  expect(formatShape([])).toBe("one number");
  expect(fractionLength("−2.459")).toBe(4);
  expect(fractionLength("12")).toBe(0);
});

test("an error is written however small it is", () => {
  expect(formatError(3.372e-13)).toBe("3.37e−13");
  expect(formatError(-2e-15, 2)).toBe("−2e−15");
  expect(formatError(0.25)).toBe("0.25");
  expect(formatError(0)).toBe("0");
  expect(formatError(null)).toBe("·");
});
