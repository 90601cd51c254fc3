/** How a run stands, in a sentence. */
import { formatSetting } from "../model/format";
import type { TrainRun } from "./run.svelte";

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
