/** What the lenses of the gradient check, of the update and of the code keep in the address: check, nudge, reach, move, branch, compare and language. */
import type { Catalog } from "../api/types";
import { formatSetting } from "../model/format";
import { readBranches, readPair, writeBranches, writePair } from "./branches";
import { FIRST_VIEW, LANGUAGES, SPANS, type Pin, type View } from "./view";

/** Reads a value of the address, or falls back with a sentence. */
interface Reader {
  read<T>(key: string, parse: (text: string) => T | undefined, otherwise: T, expected: string): T;
}

type Kept = Pick<View, "checked" | "nudge" | "span" | "moved" | "branches" | "pair" | "language">;

const cellText = ({ tensor, cell }: Pin): string => `${tensor}:${String(cell)}`;

function cellIn(text: string): Pin | undefined {
  const match = /^([A-Za-z]{1,4}\[\d{1,4}\]):(\d{1,9})$/.exec(text);
  return match?.[1] === undefined ? undefined : { tensor: match[1], cell: Number(match[2]) };
}

function amountIn(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) ? value : undefined;
}

const textsOf = ({ checked, nudge, span, moved, branches, pair, language }: Kept, catalog: Catalog): [key: string, value: string][] => [
  ["check", cellText(checked)],
  ["nudge", formatSetting(nudge)],
  ["reach", formatSetting(span)],
  ["move", moved ? cellText(moved) : ""],
  ["branch", writeBranches(branches, catalog)],
  ["compare", writePair(pair)],
  ["language", language],
];

export function lensPairs(view: View, catalog: Catalog): [key: string, value: string][] {
  const usual = new Map(textsOf(FIRST_VIEW, catalog));
  return textsOf(view, catalog).filter(([key, value]) => value !== usual.get(key));
}

export const readLenses = (reader: Reader, catalog: Catalog): Kept => ({
  checked: reader.read("check", cellIn, FIRST_VIEW.checked, "a cell of a gradient such as dW[1]:3"),
  nudge: reader.read("nudge", amountIn, FIRST_VIEW.nudge, "a number"),
  span: reader.read("reach", (text) => SPANS.find((each) => formatSetting(each) === text), FIRST_VIEW.span, `one of ${SPANS.join(", ")}`),
  moved: reader.read<Pin | null>("move", cellIn, FIRST_VIEW.moved, "a cell of a parameter such as W[1]:3"),
  branches: reader.read<Kept["branches"]>("branch", (text) => readBranches(text, catalog), [], "branches such as 3~gradient_descent,learning_rate:0.5"),
  pair: reader.read("compare", readPair, FIRST_VIEW.pair, "two runs and a tensor such as AB:Z[1]"),
  language: reader.read("language", (text) => LANGUAGES.find((each) => each === text), FIRST_VIEW.language, LANGUAGES.join(" or ")),
});
