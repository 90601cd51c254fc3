/** How a run stands, and how runs differ, in sentences. */
import { formatSetting } from "../model/format";
import { count } from "../model/words";
import type { TrainRun } from "./run.svelte";
import type { DataSetAnswer, TrainCatalog } from "./types";

export interface Standing {
  text: string;
  isBad: boolean;
}

/** The server's own sentence where the run is over. */
export function standingOf(run: TrainRun): Standing {
  const step = formatSetting(Math.max(0, run.step));
  if (run.status === "failed") return { text: run.problem ?? "The training failed.", isBad: true };
  if (run.status === "running") return { text: `Training, at step ${step}.`, isBad: false };
  if (run.end) return { text: run.end.message, isBad: run.end.reason === "diverged" };
  return { text: `Paused at step ${step}.`, isBad: false };
}

const listed = (runs: readonly TrainRun[], words: readonly string[]): string => runs.map(({ letter }, i) => `run ${letter}: ${words[i] ?? ""}`).sort().join("; ");

const rowsKey = ({ X, Y, labels, train, test }: DataSetAnswer): string => JSON.stringify([X, labels ?? Y, train, test]);
export const isOfSameRows = (one: DataSetAnswer, other: DataSetAnswer): boolean => one === other || rowsKey(one) === rowsKey(other);

function dataWords({ title, train, test, mean }: DataSetAnswer): string {
  return `${title}, ${count(train.length, "training sample")}, ${count(test.length, "test sample")}${mean ? ", standardised" : ""}`;
}

/** Which data each of the runs learns; "" where all learn the same. */
export function dataRemark(runs: readonly TrainRun[]): string {
  const [first] = runs;
  if (!first || runs.every(({ data }) => isOfSameRows(data, first.data))) return "";
  return `The runs learn different data: ${listed(runs, runs.map(({ data }) => dataWords(data)))}.`;
}

/** Which loss each of the runs has; "" where all have the same. */
export function lossRemark(runs: readonly TrainRun[], { losses }: Pick<TrainCatalog, "losses">): string {
  const words = runs.map(({ spec }) => losses.find(({ name }) => name === spec.loss)?.title.toLowerCase() ?? spec.loss);
  return new Set(words).size <= 1 ? "" : `The losses are different ones: ${listed(runs, words)}. Compare how they fall, not how high they are.`;
}
