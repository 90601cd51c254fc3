/** What a gradient check came to, in sentences: only what was compared agrees or doesn't. */
import { count } from "../../../model/words";
import type { Checked } from "./types";

/** Where a central difference means nothing. */
const NOWHERE = "at a kink, or without room for ±h";

export function summaryOf(checks: readonly Pick<Checked, "verdict">[]): string {
  const apart = checks.filter(({ verdict }) => verdict === "kink").length;
  const failing = checks.filter(({ verdict }) => verdict === "warn" || verdict === "fail").length;
  const all = count(checks.length, "gradient");
  const rest = apart > 0 ? ` ${String(apart)} can’t be compared: every cell is ${NOWHERE}.` : "";
  if (apart > 0 && apart === checks.length) return `None of ${all} can be compared: every cell is ${NOWHERE}.`;
  const agreement = failing > 0 ? `${String(failing)} of ${all} don’t agree` : apart > 0 ? `${String(checks.length - apart)} of ${all} agree` : `All ${all} agree`;
  return `${agreement} with the central difference (L(w + h) − L(w − h)) / 2h.${rest}`;
}

/** Half of the distance from w − h to w + h, as both are represented. */
export const halfStep = ({ steps }: Pick<Checked, "steps">, cell: number): number | null => {
  const width = steps[cell];
  return typeof width === "number" ? width / 2 : null;
};

/** How many cells of one gradient weren't compared; empty where all were. */
export function leftOutOf({ kinks, backprop }: Pick<Checked, "kinks" | "backprop">): string {
  if (kinks.length === 0) return "";
  if (kinks.length === backprop.length) return `Nothing is compared: every cell is ${NOWHERE}.`;
  return `${String(kinks.length)} of ${count(backprop.length, "cell")} ${kinks.length === 1 ? "is" : "are"} left out: ${NOWHERE}.`;
}
