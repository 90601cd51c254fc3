import { describe, expect, test } from "vitest";
import { adamwStep, all, softmaxSquared, twoTwoOne } from "../fixtures/traces";
import { evaluate, piecesOf, sourcesOf, withBrackets, writeOut, writingOf, type Token } from "./cell";
import { formatCell } from "./format";
import { valueAt, type Step, type Trace } from "./trace";

function text(tokens: Token[]): string {
  return piecesOf(tokens).map(pieceText).join(" ");
}

function pieceText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.kind === "operand" || token.kind === "constant") return formatCell(token.value);
      if (token.kind === "rest") return `[${token.count} more: ${formatCell(token.value)}]`;
      return token.text;
    })
    .join("")
    .replaceAll("\u00a0", " ")
    .trimEnd();
}

function stepOf(trace: Trace, result: string): Step {
  const step = trace.steps.find((each) => each.result === result);
  if (!step) throw new Error(`no step makes ${result}`);
  return step;
}

function written(trace: Trace, result: string, cell: number): string {
  const writing = writingOf(trace, stepOf(trace, result), cell);
  if (!writing) throw new Error("nothing to write");
  return text(writeOut(writing));
}

describe.each(all)("%s", (_, trace) => {
  test("every cell formula that the browser can work out gives the cell's number", () => {
    let checked = 0;
    for (const step of trace.steps) {
      const result = trace.tensors[step.result];
      result?.data.forEach((_, cell) => {
        const writing = writingOf(trace, step, cell);
        const value = writing ? evaluate(writing, writing.equation.cell) : NaN;
        if (!Number.isFinite(value)) return;
        checked++;
        expect(value, `${step.result} ${cell}`).toBeCloseTo(valueAt(result, cell) ?? NaN, 10);
      });
    }
    expect(checked).toBeGreaterThan(30);
  });

  test("the operands that are written are the cells that the index rule names", () => {
    for (const step of trace.steps) {
      trace.tensors[step.result]?.data.forEach((_, cell) => {
        const writing = writingOf(trace, step, cell);
        const named = new Map<string, Set<number>>();
        for (const token of writing ? writeOut(writing) : []) {
          if (token.kind === "operand") named.set(token.tensor, (named.get(token.tensor) ?? new Set()).add(token.cell));
        }
        for (const [id, cells] of sourcesOf(trace, step, cell)) {
          expect(named.get(id), `${step.result} ${cell} reads ${id}`).toEqual(new Set(cells));
        }
      });
    }
  });
});

test("an affine cell is a sum of products plus the bias", () => {
  const [w0 = 0, w1 = 0] = twoTwoOne.tensors["W[1]@0"]?.data ?? [];
  const b = twoTwoOne.tensors["b[1]@0"]?.data[0] ?? 0;
  const number = (value: number | null): string => (value !== null && value < 0 ? `(${formatCell(value)})` : formatCell(value));
  expect(written(twoTwoOne, "Z[1]@0", 0)).toBe(`1 · ${number(w0)} + (−2) · ${number(w1)} + ${number(b)}`);
});

test("a line ends only before a plus or after a comma, so that each product stays together", () => {
  const lines = (result: string, trace = twoTwoOne): string[] => {
    const writing = writingOf(trace, stepOf(trace, result), 0);
    return piecesOf(writing ? writeOut(writing) : []).map(pieceText);
  };
  const affine = lines("Z[1]@0");
  expect(affine).toHaveLength(3);
  expect(affine[0]).toMatch(/^\S+ · \S+$/);
  expect(affine[1]).toMatch(/^\+ \S+ · \S+$/);
  expect(affine[2]).toMatch(/^\+ \S+$/);
  for (const piece of lines("Lp@0", softmaxSquared)) expect(piece).toMatch(/\(\S+ − \d\)²/);
  expect(lines("A[2]@0", softmaxSquared)[1]).toMatch(/^− max\(\S+,$/);
});

test("a mean, a difference and a function keep their brackets", () => {
  expect(written(twoTwoOne, "L@0", 0)).toMatch(/^\([\d.]+ \+ [\d.]+ \+ [\d.]+\) \/ 3$/);
  expect(written(twoTwoOne, "dZ[2]@0", 1)).toMatch(/^\(0\.\d+ − 0\) \/ 3$/);
  expect(written(twoTwoOne, "A[1]@0", 0)).toMatch(/^tanh\(−?\d\.\d+\)$/);
  expect(written(softmaxSquared, "Lp@0", 0)).toMatch(/^\(\([\d.]+ − 1\)² \+ \([\d.]+ − 0\)² \+ \([\d.]+ − 0\)²\) \/ 2$/);
});

test("softmax's numerator takes the result's own cell, its maximum and its sum the whole row", () => {
  expect(written(softmaxSquared, "A[2]@0", 4)).toMatch(
    /^exp\(\S+ − max\(\S+, \S+, \S+\)\) \/ \(exp\(.*\) \+ exp\(.*\) \+ exp\(.*\)\)$/,
  );
});

function longSum(terms: number): Trace {
  const data = Array.from({ length: terms }, (_, i) => i + 1);
  const tensor = { symbol: "Lp", title: "", latex: "L_p", layer: null, iteration: 0, axes: ["samples"], shape: [terms], data };
  return {
    outcome: "complete",
    diverged: null,
    equations: { total: { title: "", latex: "L = Lp", reads: "s->", roles: ["Lp"], cell: ["sum", "Lp"] } },
    tensors: { "Lp@0": tensor, "L@0": { ...tensor, symbol: "L", axes: [], shape: [], data: [0] } },
    steps: [{ phase: "loss", equation: "total", operands: { Lp: "Lp@0" }, result: "L@0" }],
  };
}

test("64 terms are all shown; of 65, the first and last four and the rest's sum", () => {
  expect(written(longSum(64), "L@0", 0).split(" + ")).toHaveLength(64);
  const rest = (65 * 66) / 2 - 10 - (62 + 63 + 64 + 65);
  expect(written(longSum(65), "L@0", 0)).toBe(`1 + 2 + 3 + 4 + [57 more: ${formatCell(rest)}] + 62 + 63 + 64 + 65`);
});

test("a fraction has brackets before a power and after a division, and nowhere else", () => {
  const operand = (cell: number): Token => ({ kind: "operand", role: "A", tensor: "A", cell, value: cell });
  const divided: Token = { kind: "operator", text: "\u00a0/\u00a0", breaks: null };
  const power: Token = { kind: "power", text: "²" };
  const tokens = [operand(1), power, divided, operand(0), divided, operand(1), power, divided, operand(2)];
  const shown = withBrackets(tokens, ({ cell }) => ["1/2", "3/8", "5"][cell] ?? "");
  expect(shown.map((token) => (token.kind === "operand" ? token.cell : "text" in token ? token.text.trim() : ""))).toEqual([
    "(", 1, ")", "²", "/", "(", 0, ")", "/", "(", 1, ")", "²", "/", 2,
  ]);
});

test("a power whose exponent is a number of the trace is written with it", () => {
  expect(written(adamwStep, "correction1@7", 0)).toBe("1 − 0.9^8");
  expect(written(adamwStep, "eta@7", 0)).toBe("0.05 · 0.5^floor(7 / 3)");
});
