/** A sitting: what was answered since the page's tab was opened. It outlives a reload where the browser lets it. */
export type Outcome = "first" | "later" | "revealed";

export interface Answered {
  tries: number;
  /** Missing while the cell is still asked. */
  outcome: Outcome | null;
}

/** By exercise and cell. */
export type Records = Readonly<Record<string, Answered>>;
export type Score = Readonly<Record<Outcome, number>>;

const STORED = "chainrule.sitting";
const OUTCOMES: readonly (Outcome | null)[] = ["first", "later", "revealed", null];
const SEPARATOR = " ";

/** A long text as a short word, by two multiplications of whole numbers a character. */
export function digest(text: string): string {
  let [one, other] = [0x9e3779b9, 0x85ebca6b];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x5bd1e995) + one;
  }
  return (one >>> 0).toString(36) + (other >>> 0).toString(36);
}

/** Which exercise on which experiment: its digest, since weights and data can be long. */
export const exerciseKey = (experiment: string, exercise: string): string => `${experiment}${SEPARATOR}${exercise}`;

const place = (key: string, cell: string): string => `${key}${SEPARATOR}${cell}`;

/** The cells of an exercise that are right or revealed. */
export function settledOf(records: Records, key: string): ReadonlySet<string> {
  const prefix = place(key, "");
  return new Set(
    Object.entries(records).flatMap(([at, { outcome }]) => (outcome && at.startsWith(prefix) ? [at.slice(prefix.length)] : [])),
  );
}

export const recordOf = (records: Records, key: string, cell: string): Answered => records[place(key, cell)] ?? { tries: 0, outcome: null };

/** One more answer to a cell. */
export function answered(records: Records, key: string, cell: string, isRight: boolean): Records {
  const { tries, outcome } = recordOf(records, key, cell);
  if (outcome) return records;
  return { ...records, [place(key, cell)]: { tries: tries + 1, outcome: isRight ? (tries === 0 ? "first" : "later") : null } };
}

export function revealed(records: Records, key: string, cells: readonly string[]): Records {
  const own = cells.map((cell) => ({ cell, record: recordOf(records, key, cell) })).filter(({ record }) => !record.outcome);
  return { ...records, ...Object.fromEntries(own.map(({ cell, record }) => [place(key, cell), { ...record, outcome: "revealed" }])) };
}

/** The records without those of one exercise, so that it can be done again. */
export function without(records: Records, key: string): Records {
  return Object.fromEntries(Object.entries(records).filter(([at]) => !at.startsWith(place(key, ""))));
}

export function scoreOf(records: Records): Score {
  const score = { first: 0, later: 0, revealed: 0 };
  for (const { outcome } of Object.values(records)) if (outcome) score[outcome]++;
  return score;
}

function isRecord(value: unknown): value is Answered {
  if (typeof value !== "object" || value === null) return false;
  const { tries, outcome } = value as Partial<Answered>;
  return typeof tries === "number" && OUTCOMES.some((each) => each === outcome);
}

/** Storage may be switched off, full or filled by something else: then the sitting begins here. */
export function storedRecords(): Records {
  try {
    const stored = JSON.parse(sessionStorage.getItem(STORED) ?? "{}") as Record<string, unknown>;
    return Object.fromEntries(Object.entries(stored).filter((entry): entry is [string, Answered] => isRecord(entry[1])));
  } catch {
    return {};
  }
}

export function storeRecords(records: Records): void {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(records));
  } catch {
    // The score lasts until the page is left.
  }
}
