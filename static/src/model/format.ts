/**
 * How numbers are written: the only module that rounds.
 *
 * A cell shows `digits` significant digits: fixed from 0.001 up to 10^digits, with an exponent elsewhere ("1.235e−4").
 * Zeros at the end are dropped only where nothing was rounded away: "0.5" is one half, "0.5000" is nearly so.
 * With decimals ("4f") it shows so many digits after the point, as PyTorch prints: "0.0788". An exponent stands where
 * these would say nothing, or too much: below half of the last place, and from 100,000 on.
 * In scientific form ("7e") every number has an exponent and all seven digits, so that columns align: "5.000000e−1".
 * As a fraction it shows the server's ("−3/8") where there is one, and else "≈" and four digits; an exact 0 has no sign.
 * 0, −0, tiny numbers, numbers not computed yet, asked ones and unbounded ones each look their own way.
 */
export const FRACTIONS = "fractions";
/** So many significant digits, ("4f") so many after the point, ("7e") so many with an exponent, or exact fractions. */
export type Digits = number | `${number}f` | `${number}e` | typeof FRACTIONS;
export const DEFAULT_DIGITS = 4;
export const NOT_COMPUTED = "·";
/** A number that an exercise asks, which is NaN until it is answered. */
export const ASKED = "?";
const MINUS = "−";
const TINY = 1e-12;
const SMALLEST_FIXED_EXPONENT = -3;
const LARGEST_WITH_DECIMALS = 1e5;

export const withDecimals = (decimals: number): Digits => `${decimals}f`;

/** Enough to tell any number from its neighbours, tiny ones too. */
const ALL_DIGITS = 17;
export const ABOUT = "≈";

export const isScientific = (digits: Digits): digits is `${number}e` => typeof digits === "string" && /^\d+e$/.test(digits);

/** Too near to 0 to be told from what rounding leaves of it. */
export const isTiny = (value: number): boolean => value !== 0 && Math.abs(value) < TINY;

/** A number's fraction: null where it has none that is short, undefined where that isn't known. */
export type FractionText = string | null | undefined;

/** A number of a tensor as it stands in its cell: null is "not computed yet", ±Infinity is "unbounded". */
export function formatCell(value: number | null | undefined, digits: Digits = DEFAULT_DIGITS, fraction?: FractionText): string {
  if (value === null || value === undefined) return NOT_COMPUTED;
  if (Number.isNaN(value)) return ASKED;
  if (Object.is(value, -0) && !(digits === FRACTIONS && fraction)) return `${MINUS}0`;
  if (!Number.isFinite(value)) return value > 0 ? "+∞" : `${MINUS}∞`;
  if (digits === FRACTIONS) return fractionOr(value, fraction);
  if (value === 0) return "0";
  if (isTiny(value) && digits !== ALL_DIGITS && !isScientific(digits)) return value > 0 ? "<1e−12" : `>${MINUS}1e−12`;
  return (value < 0 ? MINUS : "") + sizeText(Math.abs(value), digits);
}

/** An error, small by its nature: never “<1e−12”. */
export function formatError(value: number | null | undefined, digits = 3): string {
  if (typeof value !== "number" || !isTiny(value)) return formatCell(value, digits);
  return (value < 0 ? MINUS : "") + withExponent(Math.abs(value), digits);
}

function fractionOr(value: number, fraction: FractionText): string {
  if (fraction) return fraction.replace("-", MINUS);
  const decimal = formatCell(value);
  return fraction === undefined || isTiny(value) ? decimal : ABOUT + decimal;
}

function sizeText(size: number, digits: Exclude<Digits, typeof FRACTIONS>): string {
  if (typeof digits === "number") return rounded(size, digits);
  return isScientific(digits) ? powerOfTen(size.toExponential(parseInt(digits) - 1)) : withDecimalPlaces(size, parseInt(digits));
}

function withDecimalPlaces(size: number, decimals: number): string {
  if (size >= LARGEST_WITH_DECIMALS || size < 0.5 * 10 ** -decimals) return withExponent(size, decimals + 1);
  const fixed = size.toFixed(decimals);
  return Number(fixed) === size ? withoutEndZeros(fixed) : fixed;
}

function withExponent(size: number, digits: number): string {
  const text = size.toExponential(digits - 1);
  const [mantissa = "", power = ""] = text.split("e");
  return powerOfTen(Number(text) === size ? `${withoutEndZeros(mantissa)}e${power}` : text);
}

/** JavaScript's "1.5e-7" and "1.5e+7", as they are written here. */
const powerOfTen = (text: string): string => text.replace("e-", `e${MINUS}`).replace("e+", "e");

function rounded(size: number, digits: number): string {
  const nearest = Number(size.toExponential(digits - 1));
  const exponent = Number(size.toExponential(digits - 1).split("e")[1]);
  if (exponent < SMALLEST_FIXED_EXPONENT || exponent >= digits) return withExponent(size, digits);
  const fixed = nearest.toFixed(digits - 1 - exponent);
  return nearest === size ? withoutEndZeros(fixed) : fixed;
}

function withoutEndZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** How many places after the point a cell has room for without asking: "0.07880" has five. */
export function usualDecimals(digits: Digits): number {
  if (typeof digits === "number") return digits + 1;
  if (digits === FRACTIONS) return DEFAULT_DIGITS + 2;
  return parseInt(digits) + (isScientific(digits) ? "e−10".length : 0);
}

/** A choice of digits in words: "4", "4 decimals", "7, scientific". */
export function digitsName(digits: Digits): string {
  if (typeof digits === "number") return String(digits);
  if (digits === FRACTIONS) return "exact fractions";
  return `${parseInt(digits)}${isScientific(digits) ? ", scientific" : " decimals"}`;
}

/** Every digit: the shortest text that reads back as the same number, at most 17 significant digits. */
export function fullDigits(value: number | null | undefined): string {
  if (value === null || value === undefined) return "not computed yet";
  if (Number.isNaN(value)) return "asked in the exercise";
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

/** A whole number or a setting, as a person would type it and as an address holds it. */
export function formatSetting(value: Digits): string {
  return String(value);
}
