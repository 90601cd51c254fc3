/** Which parameter the update lens writes out. */
import type { Step } from "../../../model/trace";
import { shortName } from "../../../model/words";

/** The parameter that a step of an update is about: of "W[2]@1" it is W[2], of what is kept of it, such as "vW[2]@1", too. */
export function parameterOf(step: Pick<Step, "phase" | "result"> | null | undefined): string | null {
  return step?.phase === "update" ? (/[Wb]\[\d+\]$/.exec(shortName(step.result))?.[0] ?? null) : null;
}

/** The chosen one, else that of the step at the playhead, else the first. */
export function shownParameter(names: readonly string[], chosen: string | null, step: Parameters<typeof parameterOf>[0]): string {
  return [chosen, parameterOf(step)].find((name) => name !== null && names.includes(name)) ?? names[0] ?? "W[1]";
}
