/** Numbers that may not be finite, as the server names them. */
import { formatCell, fullDigits, type Digits, type FractionText } from "./format";

export type SpecialNumber = number | "nan" | "+inf" | "-inf";

const VALUES = { nan: NaN, "+inf": Infinity, "-inf": -Infinity } as const;

export const valueOf = (number: SpecialNumber): number => (typeof number === "number" ? number : VALUES[number]);

/** A result that isn't a number says so; in a cell of the trace NaN stands for a number that an exercise asks. */
export const specialText = (number: SpecialNumber, digits: Digits, fraction?: FractionText): string =>
  number === "nan" ? "NaN" : formatCell(valueOf(number), digits, fraction);

/** Every digit, or the word for what isn't finite. */
export function specialTitle(number: SpecialNumber): string {
  if (typeof number === "number") return fullDigits(number);
  return number === "nan" ? "not a number" : "unbounded";
}
