/** The conventions of a computation. What is left out is the lecture's, so that the usual request and address don't speak of it. */
import type { Catalog, ConventionsChoice } from "../api/types";

export const LECTURE: ConventionsChoice = {};

type Key = keyof ConventionsChoice;
type Value = string | boolean;

export interface Choice {
  value: Value;
  /** As the address has it. */
  text: string;
  title: string;
  latex: string;
  description: string;
}

/** One switch: what may be chosen, the lecture's first. */
export interface Switch {
  key: Key;
  title: string;
  choices: readonly Choice[];
}

const TEXTS = new Map<Value, string>([[true, "yes"], [false, "no"]]);
const textOf = (value: Value): string => TEXTS.get(value) ?? String(value);

export function switchesOf({ conventions }: Pick<Catalog, "conventions">): Switch[] {
  const { layouts, halves, reductions } = conventions;
  const named = layouts.map((each) => ({ ...each, value: each.name, text: each.name }));
  return [
    { key: "layout", title: "Axes", choices: named },
    { key: "half", title: "Squared error", choices: halves.map((each) => ({ ...each, text: textOf(each.value) })) },
    { key: "reduction", title: "Over the samples", choices: reductions.map((each) => ({ ...each, value: each.name, text: each.name })) },
  ];
}

/** Whether a switch makes a difference: without a loss only the axes do, and the ½ is the squared error's. */
export function applies({ key }: Switch, loss: string | null, { conventions }: Catalog): boolean {
  if (key === "layout") return true;
  return loss !== null && (key !== "half" || (conventions.halves[0]?.losses.includes(loss) ?? false));
}

export const chosen = ({ key, choices }: Switch, conventions: ConventionsChoice): Choice | undefined =>
  choices.find(({ value }) => value === conventions[key]) ?? choices[0];

export function withChoice(conventions: ConventionsChoice, { key, choices }: Switch, { value }: Choice): ConventionsChoice {
  const others = Object.entries(conventions).filter(([each]) => each !== key);
  return Object.fromEntries(value === choices[0]?.value ? others : [...others, [key, value]]);
}

/** As pairs for the address, with the same keys. */
export const conventionPairs = (conventions: ConventionsChoice): [string, string][] =>
  (["layout", "half", "reduction"] as const).flatMap((key): [string, string][] => {
    const value = conventions[key];
    return value === undefined ? [] : [[key, textOf(value)]];
  });
