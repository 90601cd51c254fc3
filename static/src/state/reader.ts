/** Reads the values of an address: what a text stands for, and a sentence where it can't be used. */
import { formatSetting, type Digits } from "../model/format";

export type Pair = [key: string, value: string];

/** Reads values one by one and remembers what couldn't be used. */
export class Reader {
  readonly problems: string[] = [];
  readonly #query: URLSearchParams;

  constructor(query: string) {
    this.#query = new URLSearchParams(query);
  }

  read<T>(key: string, parse: (text: string) => T | undefined, otherwise: T, expected: string): T {
    const text = this.#query.get(key);
    if (text === null) return otherwise;
    const value = parse(text);
    if (value !== undefined) return value;
    this.problems.push(`“${key}=${shortened(text)}” in the address isn't ${expected}, so it was left out.`);
    return otherwise;
  }
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

export function wholeNumber(least: number, most = Infinity): (text: string) => number | undefined {
  return (text) => (/^\d{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined);
}

export function oneOf<T extends string>(names: readonly T[]): (text: string) => T | undefined {
  return (text) => names.find((name) => name === text);
}

export function listed<T extends Digits>(values: readonly T[]): (text: string) => T | undefined {
  return (text) => values.find((value) => formatSetting(value) === text);
}

export function finite(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) ? value : undefined;
}

export const positive = (value: number | undefined): number | undefined => (value !== undefined && value >= 0 ? value : undefined);

/** A list in which every entry can be read. */
export function listOf<T>(parse: (text: string) => T | undefined, most: number): (text: string) => T[] | undefined {
  return (text) => {
    const all = text.split(",").map(parse);
    const found = all.filter((each) => each !== undefined);
    return found.length === all.length && found.length <= most ? found : undefined;
  };
}
