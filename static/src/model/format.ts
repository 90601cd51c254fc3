/**
 * How numbers are written: the only module that rounds.
 *
 * A cell shows `digits` significant digits: fixed from 0.001 up to 10^digits, with an exponent elsewhere ("1.235e−4").
 * Zeros at the end are dropped only where nothing was rounded away: "0.5" is one half, "0.5000" is nearly so.
 * 0, −0, tiny numbers, numbers not computed yet and unbounded ones each look their own way.
 */
export const DEFAULT_DIGITS = 4;
export const NOT_COMPUTED = "·";
const MINUS = "−";
const TINY = 1e-12;
const SMALLEST_FIXED_EXPONENT = -3;

/** A number of a tensor as it stands in its cell: null is "not computed yet", ±Infinity is "unbounded". */
export function formatCell(value: number | null | undefined, digits = DEFAULT_DIGITS): string {
  if (value === null || value === undefined) return NOT_COMPUTED;
  if (Number.isNaN(value)) return "NaN";
  if (value === 0) return Object.is(value, -0) ? `${MINUS}0` : "0";
  if (!Number.isFinite(value)) return value > 0 ? "+∞" : `${MINUS}∞`;
  if (Math.abs(value) < TINY) return value > 0 ? "<1e−12" : `>${MINUS}1e−12`;
  const size = Math.abs(value);
  return (value < 0 ? MINUS : "") + rounded(size, digits);
}

function rounded(size: number, digits: number): string {
  const [mantissa = "", power = "0"] = size.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  const isExact = Number(`${mantissa}e${power}`) === size;
  if (exponent >= SMALLEST_FIXED_EXPONENT && exponent < digits) {
    const fixed = Number(`${mantissa}e${power}`).toFixed(digits - 1 - exponent);
    return isExact ? withoutEndZeros(fixed) : fixed;
  }
  return `${isExact ? withoutEndZeros(mantissa) : mantissa}e${exponent < 0 ? MINUS : ""}${Math.abs(exponent)}`;
}

function withoutEndZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Every digit: the shortest text that reads back as the same number, at most 17 significant digits. */
export function fullDigits(value: number | null | undefined): string {
  if (value === null || value === undefined) return "not computed yet";
  if (value === Infinity || value === -Infinity) return `${value > 0 ? "+" : MINUS}∞ (unbounded)`;
  if (Object.is(value, -0)) return `${MINUS}0`;
  return String(value).replaceAll("-", MINUS).replace("e+", "e");
}

/** The characters from the decimal point on: what a cell is padded by, so that a column's points stand in line. */
export function fractionLength(text: string): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point;
}

/** A shape in words: "3 × 7", "5", or "one number". */
export function formatShape(shape: readonly number[]): string {
  return shape.length > 0 ? shape.join(" × ") : "one number";
}

/** A shape in a sentence: "3 × 7", "7 numbers", "one number". */
export function sayShape(shape: readonly number[]): string {
  const [only] = shape;
  if (shape.length !== 1 || only === undefined) return formatShape(shape);
  return only === 1 ? "one number" : `${only} numbers`;
}

/** A whole number or a setting, as a person would type it. */
export function formatSetting(value: number): string {
  return String(value);
}
