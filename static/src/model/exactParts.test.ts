import { expect, test } from "vitest";
import { exactLedger, exactPart, runningFractions } from "./exactParts";
import { fractionIn, fractionOfDecimal, fractionText, productOf, quotientOf, sumOf } from "./fraction";
import type { Part, Term } from "./picture";

const FRACTIONS: Readonly<Record<string, string | null>> = { half: "1/2", third: "-1/3", none: null, zero: "0" };
const of = (tensor: string): string | null | undefined => FRACTIONS[tensor];
const number = (tensor: string): Part => ({ kind: "number", tensor, cell: 0, value: 1 });
const product = (...names: string[]): Part => ({ kind: "product", factors: names.map(number), value: 1 });
const text = (part: Part): string | null | undefined => fractionText(exactPart(part, of));
const term = (part: Part, more: Partial<Term> = {}): Term => ({ sign: 1, part, running: 0, index: null, isKept: true, folded: 1, ...more });

test("fractions are added, multiplied and divided in lowest terms", () => {
  const [half, third] = [fractionIn("1/2"), fractionIn("-1/3")];
  expect(fractionText(sumOf(half, third))).toBe("1/6");
  expect(fractionText(productOf(half, third))).toBe("-1/6");
  expect(fractionText(quotientOf(half, third))).toBe("-3/2");
  expect(quotientOf(half, fractionIn("0"))).toBeNull();
  expect(fractionText(fractionIn("1/1234567890123"))).toBeNull();
  expect(fractionText(fractionIn("-1234567890123"))).toBeNull();
  expect(fractionText(fractionIn("-123456789012"))).toBe("-123456789012");
  expect(fractionText(fractionOfDecimal(-0.25))).toBe("-1/4");
  expect(fractionOfDecimal(0.7978845608028654)).toBeNull();
  expect(fractionOfDecimal(1e-8)).toBeNull();
});

test("a part is a fraction where all that it reads is one", () => {
  expect(text(product("half", "third"))).toBe("-1/6");
  expect(text(product("half", "none"))).toBeNull();
  expect(text(product("zero", "none"))).toBe("0");
  // Not here yet.
  expect(text(product("half", "later"))).toBeUndefined();
  expect(text({ kind: "power", base: number("third"), exponent: "2", value: 1 })).toBe("1/9");
  expect(text({ kind: "power", base: number("third"), exponent: "-1", value: 1 })).toBeNull();
  expect(text({ kind: "negative", part: number("third"), value: 1 })).toBe("1/3");
  expect(text({ kind: "quotient", top: number("half"), bottom: { kind: "count", value: 3 }, value: 1 })).toBe("1/6");
  expect(text({ kind: "call", name: "max", parts: [number("third"), number("half")], hidden: 0, value: 1 })).toBe("1/2");
  expect(text({ kind: "call", name: "max", parts: [number("third")], hidden: 4, value: 1 })).toBeNull();
  expect(text({ kind: "call", name: "relu", parts: [number("third")], hidden: 0, value: 1 })).toBe("0");
  expect(text({ kind: "call", name: "tanh", parts: [number("half")], hidden: 0, value: 1 })).toBeNull();
});

test("sums so far are exact until a term isn't; what is left out adds nothing", () => {
  const terms = [term(product("half", "half")), term(number("third"), { sign: -1 }), term(number("none"), { isKept: false }), term(number("none"))];
  expect(runningFractions(terms, of).map(fractionText)).toEqual(["1/4", "7/12", "7/12", null]);
  const ledger = { terms: terms.slice(0, 3), isNegative: true, divisors: [{ kind: "count", value: 7 } as const], value: 0 };
  expect(fractionText(exactLedger(ledger, of))).toBe("-1/12");
  expect(fractionText(runningFractions([term({ kind: "constant", value: 3, title: "" }, { folded: 9 })], of)[0])).toBeNull();
});
