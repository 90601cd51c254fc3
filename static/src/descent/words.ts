/** The sentences of the page. */
import { formatCell, formatSetting } from "../model/format";
import { slopeSize, type StopRule } from "./setup";
import type { Ending, Path } from "./types";

export interface Said {
  text: string;
  isBad: boolean;
}

/** How a run ended, and at which k. */
export function endingOf({ stopped_by, iterations, theta }: Path, stop: StopRule): Said {
  const at = `k = ${formatSetting(iterations)}`;
  const change = stop.valueChange === null ? "" : `|Δf| < ${formatCell(stop.valueChange)}`;
  const norm = stop.gradientNorm === null ? "" : `${slopeSize(theta[0]?.length ?? 2)} < ${formatCell(stop.gradientNorm)}`;
  const isBoth = stop.require === "both" && change !== "" && norm !== "";
  switch (stopped_by) {
    case "value_change":
    case "gradient_norm":
      return { text: `Stopped at ${at}: ${isBoth ? `${change} and ${norm}` : stopped_by === "value_change" ? change : norm}.`, isBad: false };
    case "stationary":
      return { text: `Stands still from ${at} on: the slope is 0, or the step is too small to move the point.`, isBad: false };
    case "max_iterations":
      return { text: `Out of iterations at ${at}, before any stopping rule was met.`, isBad: false };
    case "diverged":
      return { text: `Diverged: the values grow without end. The path breaks off after ${at}.`, isBad: true };
  }
}

/** How the run of one learning rate ended, after a colon. */
export function sweptWords(ending: Ending, iterations: number): string {
  const count = iterations === 1 ? "1 iteration" : `${formatSetting(iterations)} iterations`;
  switch (ending) {
    case "value_change":
    case "gradient_norm":
      return count;
    case "stationary":
      return `stands still after ${count}`;
    case "max_iterations":
      return `not there after ${count}`;
    case "diverged":
      return `diverged after ${count}`;
  }
}
