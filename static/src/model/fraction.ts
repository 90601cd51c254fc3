/** Exact arithmetic on the server's fractions, for what the page works out of them itself: products, and sums so far. */
import { formatSetting, type FractionText } from "./format";

export interface Fraction {
  top: bigint;
  /** Above 0, with no divisor in common. */
  bottom: bigint;
}

/** null: it has no fraction that is known; undefined: the fractions aren't here yet, or not wanted. */
export type Exact = Fraction | null | undefined;

/** As many above and below can be read; the server's have no more either. */
const MOST_DIGITS = 12;
/** Of the decimals of a formula's constant; one of more is a rounded number. */
const MOST_DECIMALS = 6;

const greatestDivisor = (one: bigint, other: bigint): bigint => (other === 0n ? one : greatestDivisor(other, one % other));
const size = (number: bigint): bigint => (number < 0n ? -number : number);

export function fraction(top: bigint, bottom = 1n): Fraction | null {
  if (bottom === 0n) return null;
  const divisor = greatestDivisor(size(top), size(bottom)) * (bottom < 0n ? -1n : 1n);
  return { top: top / divisor, bottom: bottom / divisor };
}

/** "-3/8", or "2". */
export function fractionIn(text: FractionText): Exact {
  if (text === null || text === undefined) return text;
  const [top = "0", bottom = "1"] = text.split("/");
  return fraction(BigInt(top), BigInt(bottom));
}

/** A number that stands for the decimal it is written as. */
export function fractionOfDecimal(number: number): Exact {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(formatSetting(number));
  const [, whole = "", decimals = ""] = match ?? [];
  return match && decimals.length <= MOST_DECIMALS ? fraction(BigInt(whole + decimals), 10n ** BigInt(decimals.length)) : null;
}

export function fractionText(exact: Exact): FractionText {
  if (!exact) return exact;
  const { top, bottom } = exact;
  const isLong = [size(top), bottom].some((each) => String(each).length > MOST_DIGITS);
  if (isLong) return null;
  return bottom === 1n ? String(top) : `${String(top)}/${String(bottom)}`;
}

function both(one: Exact, other: Exact, compute: (one: Fraction, other: Fraction) => Exact): Exact {
  if (one === undefined || other === undefined) return undefined;
  return one && other ? compute(one, other) : null;
}

const isZero = (exact: Exact): boolean => exact?.top === 0n;

export const sumOf = (one: Exact, other: Exact): Exact =>
  both(one, other, (a, b) => fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom));

export const negative = (exact: Exact): Exact => exact && { top: -exact.top, bottom: exact.bottom };

/** Nothing times a number is nothing, whatever that number is. */
export function productOf(one: Exact, other: Exact): Exact {
  if (one === undefined || other === undefined) return undefined;
  if (isZero(one) || isZero(other)) return fraction(0n);
  return both(one, other, (a, b) => fraction(a.top * b.top, a.bottom * b.bottom));
}

export const quotientOf = (one: Exact, other: Exact): Exact =>
  both(one, other, (a, b) => fraction(a.top * b.bottom, a.bottom * b.top));

export const powerOf = (exact: Exact, exponent: number): Exact =>
  exact && (Number.isInteger(exponent) && exponent >= 0 ? { top: exact.top ** BigInt(exponent), bottom: exact.bottom ** BigInt(exponent) } : null);

export const isLess = (one: Fraction, other: Fraction): boolean => one.top * other.bottom < other.top * one.bottom;
