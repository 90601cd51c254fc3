/** Branches: what if, from an iteration on, the network learned otherwise? */
import type { Catalog } from "../api/types";
import { readLearning, writeLearning } from "../learning/address";
import { requestOf, type Learning } from "../learning/learning";
import { formatSetting } from "../model/format";

export interface Branch {
  /** The iteration that it starts with, numbered as in the ids of the trace. */
  at: number;
  learning: Learning;
}

/** Two runs and the tensor that is compared in them. Run 0 is the trunk. */
export interface Pair {
  one: number;
  other: number;
  tensor: string;
}

export const FIRST_PAIR: Pair = { one: 0, other: 1, tensor: "W[1]" };

/** Runs are told apart by letters: A is the trunk. */
export const letterOf = (run: number): string => String.fromCharCode(65 + run);

export const writeBranches = (branches: readonly Branch[], catalog: Catalog): string =>
  branches.map(({ at, learning }) => `${formatSetting(at + 1)}~${writeLearning(learning, catalog)}`).join(";");

function readBranch(text: string, catalog: Catalog): Branch | undefined {
  const [at = "", learned = ""] = text.split("~");
  const learning = readLearning(learned, catalog);
  return learning && /^[1-9]\d{0,6}$/.test(at) ? { at: Number(at) - 1, learning } : undefined;
}

/** Branches, or undefined where one of them can't be used. */
export function readBranches(text: string, catalog: Catalog): Branch[] | undefined {
  const found = text.split(";").map((each) => readBranch(each, catalog));
  const branches = found.filter((each) => each !== undefined);
  return branches.length === found.length && branches.length <= (catalog.limits["branches"] ?? 0) ? branches : undefined;
}

export const writePair = ({ one, other, tensor }: Pair): string => `${letterOf(one)}${letterOf(other)}:${tensor}`;

export function readPair(text: string): Pair | undefined {
  const match = /^([A-Z])([A-Z]):([A-Za-z]+(?:\[\d+\])?)$/.exec(text);
  const [, one = "", other = "", tensor = ""] = match ?? [];
  return match ? { one: one.charCodeAt(0) - 65, other: other.charCodeAt(0) - 65, tensor } : undefined;
}

/** The branches that start within a run, as a request says them: each goes on to the run's end. */
export const branchRequests = (branches: readonly Branch[], { first, end }: { first: number; end: number }): object[] =>
  branches.filter(({ at }) => at >= first && at < end).map(({ at, learning }) => ({ at, iterations: end - at, ...requestOf(learning) }));
