/** The parts of a cell's sum as fractions, from those of the numbers that it reads. */
import { writingOf } from "./cell";
import type { FractionText } from "./format";
import { fraction, fractionIn, fractionOfDecimal, fractionText, isLess, negative, powerOf, productOf, quotientOf, sumOf, type Exact, type Fraction } from "./fraction";
import { ledgerOf, pictureOf, type Ledger, type Part, type Term } from "./picture";
import type { SampleSum } from "./shares";
import { sizeOf, type Step, type Trace } from "./trace";

/** A cell's fraction. */
export type FractionOf = (tensor: string, cell: number) => FractionText;

const NOTHING = fraction(0n);

/** The functions that make a fraction of any fraction. */
const RATIONAL: Readonly<Record<string, (values: Fraction[]) => Exact>> = {
  max: (values) => values.reduce((most, each) => (isLess(most, each) ? each : most)),
  relu: ([z]) => (z && z.top > 0n ? z : NOTHING),
};

function callOf(name: string, values: readonly Exact[], hidden: number): Exact {
  if (values.includes(undefined)) return undefined;
  const known = values.filter((each): each is Fraction => Boolean(each));
  return hidden === 0 && known.length > 0 && known.length === values.length ? RATIONAL[name]?.(known) ?? null : null;
}

/** What one term adds to its sum; what is left out adds nothing, and what stands for many terms isn't known. */
function added(term: Term, of: FractionOf): Exact {
  if (!term.isKept) return NOTHING;
  if (term.folded > 1) return null;
  const own = exactPart(term.part, of);
  return term.sign < 0 ? negative(own) : own;
}

/** The sum up to each term. */
export function runningFractions(terms: readonly Term[], of: FractionOf): Exact[] {
  let sum: Exact = NOTHING;
  return terms.map((term) => (sum = sumOf(sum, added(term, of))));
}

export function exactPart(part: Part, of: FractionOf): Exact {
  const own = (each: Part): Exact => exactPart(each, of);
  switch (part.kind) {
    case "number": return fractionIn(of(part.tensor, part.cell));
    case "constant": return fractionOfDecimal(part.value);
    case "count": return fractionOfDecimal(part.value);
    case "product": return part.factors.map(own).reduce(productOf);
    case "quotient": return quotientOf(own(part.top), own(part.bottom));
    case "power": return powerOf(own(part.base), Number(part.exponent));
    case "negative": return negative(own(part.part));
    case "call": return callOf(part.name, part.parts.map(own), part.hidden);
    case "sum": return runningFractions(part.terms, of).at(-1);
  }
}

/** What the terms that are kept come to, as `ledgerValue`. */
export function exactLedger({ terms, isNegative, divisors }: Ledger, of: FractionOf): Exact {
  const sum = runningFractions(terms, of).at(-1);
  return divisors.reduce((quotient, divisor) => quotientOf(quotient, exactPart(divisor, of)), isNegative ? negative(sum) : sum);
}

/** A sum over some samples alone, cell by cell, as `sumOver`. */
export function exactSum(trace: Trace, step: Step, { count, result }: SampleSum, kept: readonly number[], of: FractionOf): FractionText[] {
  const without = new Set(Array.from({ length: count }, (_, sample) => sample).filter((sample) => !kept.includes(sample)));
  return Array.from({ length: sizeOf(result.shape) }, (_, cell) => {
    const writing = writingOf(trace, step, cell);
    const ledger = writing && ledgerOf(pictureOf(writing, without));
    return ledger ? fractionText(exactLedger(ledger, of)) : null;
  });
}
