import { describe, expect, test } from "vitest";
import { all, softmaxSquared, twoTwoOne } from "../fixtures/traces";
import { writingOf } from "./cell";
import { ledgerOf, ledgerValue, pictureOf, valueOf as partValue, type Ledger, type Part } from "./picture";
import { valueAt, type Formula, type Trace } from "./trace";

function picture(trace: Trace, result: string, cell: number, without: number[] = []): Part {
  const step = trace.steps.find((each) => each.result === result);
  const writing = step && writingOf(trace, step, cell);
  if (!writing) throw new Error(`nothing made ${result}`);
  return pictureOf(writing, new Set(without));
}

function ledger(trace: Trace, result: string, cell: number, without: number[] = []): Ledger {
  const found = ledgerOf(picture(trace, result, cell, without));
  if (!found) throw new Error(`${result} is no sum`);
  return found;
}

const valueOf = (part: Part): number => partValue(part) ?? NaN;

function numbersIn(part: Part): number {
  switch (part.kind) {
    case "number": return 1;
    case "product": return part.factors.reduce((sum, each) => sum + numbersIn(each), 0);
    case "quotient": return numbersIn(part.top) + numbersIn(part.bottom);
    case "power": return numbersIn(part.base);
    case "negative": return numbersIn(part.part);
    case "call": return part.parts.reduce((sum, each) => sum + numbersIn(each), 0);
    case "sum": return part.terms.reduce((sum, term) => sum + numbersIn(term.part), 0);
    default: return 0;
  }
}

describe.each(all)("%s", (_, trace) => {
  test("every cell that is made has a picture, whose value is the cell's wherever the browser can work it out", () => {
    let checked = 0;
    for (const step of trace.steps) {
      trace.tensors[step.result]?.data.forEach((_, cell) => {
        const part = picture(trace, step.result, cell);
        if (Object.keys(step.operands).length > 0) expect(numbersIn(part), step.result).toBeGreaterThan(0);
        const tensor = trace.tensors[step.result];
        if (!tensor || !Number.isFinite(valueOf(part))) return;
        checked++;
        expect(valueOf(part), `${step.result} ${cell}`).toBeCloseTo(valueAt(tensor, cell) ?? NaN, 10);
      });
    }
    expect(checked).toBeGreaterThan(30);
  });
});

test("a weighted sum is a product a term and the bias, with the sum so far", () => {
  const { terms } = ledger(twoTwoOne, "Z[1]@0", 0);
  expect(terms.map(({ part }) => part.kind)).toEqual(["product", "product", "number"]);
  const values = terms.map(({ part }) => valueOf(part));
  expect(terms.map(({ running }) => running)).toEqual([values[0], Number(values[0]) + Number(values[1]), Number(values[0]) + Number(values[1]) + Number(values[2])]);
  expect(terms.at(-1)?.running).toBeCloseTo(twoTwoOne.tensors["Z[1]@0"]?.data[0] ?? NaN, 12);
});

test("a sample that is switched off is still shown, and not added", () => {
  const whole = ledger(twoTwoOne, "dW[2]@0", 0);
  const partial = ledger(twoTwoOne, "dW[2]@0", 0, [1]);
  expect(whole.terms.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(partial.terms.map(({ isKept }) => isKept)).toEqual([true, false, true]);
  expect(partial.value).toBeCloseTo(Number(whole.value) - valueOf(whole.terms[1]?.part ?? { kind: "count", value: 0 }), 12);
});

test("db multiplies by a vector of ones, with 0 for a sample that is switched off", () => {
  const ones = (without: number[]): number[] =>
    ledger(twoTwoOne, "db[2]@0", 0, without).terms.map(({ part }) => (part.kind === "product" && part.factors[0] ? valueOf(part.factors[0]) : NaN));
  expect(ones([])).toEqual([1, 1, 1]);
  expect(ones([2])).toEqual([1, 1, 0]);
});

test("1/N stands at the end of the sum that it divides", () => {
  expect(ledger(twoTwoOne, "L@0", 0).divisors).toEqual([{ kind: "count", value: 3 }]);
  expect(ledger(twoTwoOne, "dZ[2]@0", 0)).toMatchObject({ divisors: [{ kind: "count", value: 3 }], terms: [{ sign: 1 }, { sign: -1 }] });
  expect(ledger(twoTwoOne, "dW[2]@0", 0).divisors).toEqual([]);
  const [first = NaN, second = NaN, third = NaN] = twoTwoOne.tensors["Lp@0"]?.data.map(Number) ?? [];
  expect(ledgerValue(ledger(twoTwoOne, "L@0", 0))).toBe((first + second + third) / 3);
  expect(ledgerValue(ledger(twoTwoOne, "L@0", 0, [1]))).toBe((first + third) / 3);
});

/** One cell made of three lists of numbers by a formula. */
function madeBy(cell: Formula, terms: number): Ledger {
  const tensor = { title: "", latex: "", layer: null, iteration: 0, axes: ["samples"], shape: [terms], data: Array.from({ length: terms }, (_, i) => i + 1) };
  const trace: Trace = {
    outcome: "complete",
    diverged: null,
    equations: { made: { title: "", latex: "r", reads: "s,,->", roles: ["a", "b", "c"], cell } },
    tensors: {
      a: { ...tensor, symbol: "a" }, b: { ...tensor, symbol: "b", axes: [], shape: [], data: [100] },
      c: { ...tensor, symbol: "c", axes: [], shape: [], data: [7] }, r: { ...tensor, symbol: "r", axes: [], shape: [], data: [0] },
    },
    steps: [{ phase: "loss", equation: "made", operands: { a: "a", b: "b", c: "c" }, result: "r" }],
  };
  return ledger(trace, "r", 0);
}

test("minus before a sum is kept, with what divides it", () => {
  const found = madeBy(["/", ["neg", ["sum", "a"]], ["count", "s"]], 3);
  expect(found).toMatchObject({ isNegative: true, divisors: [{ kind: "count", value: 3 }], value: 6 });
  expect(ledgerValue(found)).toBe(-2);
  expect(madeBy(["neg", ["neg", ["sum", "a"]]], 3).isNegative).toBe(false);
});

test("minus a difference turns both signs around", () => {
  const { terms, value } = madeBy(["-", "b", ["-", "c", ["-", "b", "c"]]], 1);
  expect(terms.map(({ sign }) => sign)).toEqual([1, -1, 1, -1]);
  expect(value).toBe(100 - (7 - (100 - 7)));
});

test("a long sum that is taken away is folded with its sign", () => {
  const { terms, value } = madeBy(["-", "b", ["sum", "a"]], 70);
  expect(terms.map(({ sign }) => sign)).toEqual([1, ...Array.from({ length: 9 }, () => -1)]);
  expect(value).toBe(100 - (70 * 71) / 2);
});

test("an element-wise product is its two factors, and softmax a quotient", () => {
  const part = picture(twoTwoOne, "dZ[1]@0", 2);
  expect(part).toMatchObject({ kind: "product", factors: [{ tensor: "dA[1]@0" }, { tensor: "slope[1]@0" }] });
  expect(ledgerOf(part)).toBeNull();
  expect(picture(softmaxSquared, "A[2]@0", 0)).toMatchObject({ kind: "quotient", top: { kind: "call", name: "exp" } });
});

test("a sum of more than 64 terms is folded, and loses nothing", () => {
  const data = Array.from({ length: 70 }, (_, i) => i + 1);
  const tensor = { symbol: "Lp", title: "", latex: "L_p", layer: null, iteration: 0, axes: ["samples"], shape: [70], data };
  const trace: Trace = {
    outcome: "complete",
    diverged: null,
    equations: { total: { title: "", latex: "L = Lp", reads: "s->", roles: ["Lp"], cell: ["sum", "Lp"] } },
    tensors: { "Lp@0": tensor, "L@0": { ...tensor, symbol: "L", axes: [], shape: [], data: [0] } },
    steps: [{ phase: "loss", equation: "total", operands: { Lp: "Lp@0" }, result: "L@0" }],
  };
  const { terms, value } = ledger(trace, "L@0", 0);
  expect(terms).toHaveLength(9);
  expect(terms[4]?.folded).toBe(62);
  expect(value).toBe((70 * 71) / 2);
  expect(ledger(trace, "L@0", 0, [10]).value).toBe((70 * 71) / 2 - 11);
});
