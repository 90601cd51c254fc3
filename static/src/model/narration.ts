/** One cell of a result as a sentence: "Z[2], row 1, unit 3 = 0.5 · 2 + 0.1 = 1.1.", as read and as spoken. */
import { piecesOf, withBrackets, writeOut, writingOf, type Token } from "./cell";
import { formatCell } from "./format";
import { sayFunction, sayName, sayNumber, saySign } from "./speech";
import { describeCell, valueAt, type Step, type Trace } from "./trace";
import { shortName } from "./words";

/** Writes a number of the trace in the digits that the reader chose. */
export type WriteNumber = (tensor: string, cell: number, value: number | null) => string;

export interface Sentence {
  /** With signs, as it is copied. */
  text: string;
  /** In words, for a screen reader. */
  spoken: string;
}

/** "row 1, unit 3": rows are samples. */
export const placeOf = (trace: Trace, id: string, cell: number): string => {
  const tensor = trace.tensors[id];
  return tensor ? describeCell(tensor, cell).replace("sample", "row") : "";
};

/** Whether a step's result has the name of one of its operands, as updated weights have. */
export const isRenewal = (step: Step): boolean =>
  Object.values(step.operands).some((id) => shortName(id) === shortName(step.result));

/** "Z[2]"; "new W[1]" for what an update makes. */
export const resultName = (step: Step): string => `${isRenewal(step) ? "new " : ""}${shortName(step.result)}`;

const named = (...parts: readonly string[]): string => parts.filter((part) => part !== "").join(", ");

/** A number that the trace starts from. */
export function givenSentence(trace: Trace, id: string, cell: number, write: WriteNumber): Sentence {
  const tensor = trace.tensors[id];
  const number = write(id, cell, tensor ? valueAt(tensor, cell) : null);
  const place = placeOf(trace, id, cell);
  return {
    text: `${named(shortName(id), place)} = ${number}, given.`,
    spoken: `${named(sayName(shortName(id)), place)} is ${sayNumber(number)}, given.`,
  };
}

/** A number that a step makes, with the numbers that it is made from. */
export function cellSentence(trace: Trace, step: Step, cell: number, write: WriteNumber): Sentence {
  const writing = writingOf(trace, step, cell);
  const tensor = trace.tensors[step.result];
  const result = write(step.result, cell, tensor ? valueAt(tensor, cell) : null);
  const tokens = writing ? withBrackets(writeOut(writing), (token) => write(token.tensor, token.cell, token.value)) : [];
  const name = resultName(step);
  const place = placeOf(trace, step.result, cell);
  return {
    text: `${[named(name, place), ...(writing ? [textOf(tokens, write)] : []), result].join(" = ")}.`,
    spoken: `${[named(sayName(name), place), ...(writing ? [speechOf(tokens, write)] : []), sayNumber(result)].join(" equals ")}.`,
  };
}

const numberIn = (token: Token, write: WriteNumber): string =>
  token.kind === "operand" ? write(token.tensor, token.cell, token.value) : token.kind === "constant" ? formatCell(token.value, 17) : "";

const restOf = ({ count, value }: Token & { kind: "rest" }, say: (value: number) => string): string =>
  `${String(count)} more terms${value === null ? "" : ` that add up to ${say(value)}`}`;

export function textOf(tokens: readonly Token[], write: WriteNumber): string {
  const text = (token: Token): string => {
    if (token.kind === "rest") return `[${restOf(token, (value) => write("", 0, value))}]`;
    return "text" in token ? token.text : numberIn(token, write);
  };
  const pieces = piecesOf(tokens).map((piece) => piece.map(text).join("").trimEnd());
  return pieces.join(" ").replaceAll("\u00a0", " ");
}

/** The words of tokens. Brackets around one number need none: "tanh of minus 0.5". */
export function speechOf(tokens: readonly Token[], write: WriteNumber): string {
  const words = tokens.map((token, i) => {
    if (token.kind === "rest") return `the ${restOf(token, (value) => sayNumber(write("", 0, value)))}`;
    if (token.kind === "function") return sayFunction(token.text);
    if (!("text" in token)) return sayNumber(numberIn(token, write));
    const isIdle = isBracketOfOne(tokens, i);
    return isIdle ? "" : saySign(token.text.replaceAll("\u00a0", " ").trim());
  });
  return words.filter((word) => word !== "").join(" ").replaceAll(" ,", ",");
}

function isBracketOfOne(tokens: readonly Token[], i: number): boolean {
  const sign = (at: number): string => {
    const token = tokens[at];
    return token?.kind === "operator" ? token.text : "";
  };
  return (sign(i) === "(" && sign(i + 2) === ")") || (sign(i) === ")" && sign(i - 2) === "(");
}
