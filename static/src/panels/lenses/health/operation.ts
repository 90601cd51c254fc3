/** What went wrong in a sum that isn't finite, in a sentence. */
import { count } from "../../../model/words";
import type { Diagnosis } from "../../notes";

type Broken = NonNullable<Diagnosis["broken"]>;
type Special = Broken["terms"][number]["value"];

/** A value that may be infinite or none, as numbers are: NaN for "nan". */
export const numberOf = (value: Special): number => (value === "nan" ? NaN : value === "+inf" ? Infinity : value === "-inf" ? -Infinity : value);

export function failureOf({ terms, count: all, infinite: [up = 0, down = 0] }: Pick<Broken, "terms" | "count" | "infinite">): string {
  const said = [[up, "+∞"] as const, [down, "−∞"] as const].filter(([number]) => number > 0).map(([number, sign]) => `${String(number)} ${number === 1 ? "is" : "are"} ${sign}`);
  if (said.length === 0 && terms.some(({ value }) => value === "nan")) return "One of its terms is no number.";
  if (said.length === 0) return `Each of its ${count(all, "term")} is finite, but their sum is past the largest number.`;
  return `Of its ${count(all, "term")} ${said.join(" and ")}${said.length > 1 ? ", and ∞ − ∞ is no number" : ""}.`;
}

/** How many terms aren't shown. */
export const hiddenOf = ({ terms, count: all }: Pick<Broken, "terms" | "count">): number => all - terms.length;
