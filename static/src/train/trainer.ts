/** Computing: streams are started, listened to and let go here. The clock is the server's; what comes is recorded. */
import { eventsOf } from "../api/stream";
import { TrainRun, indexAt, type Part } from "./run.svelte";
import { fitting, isAnother, type Spec } from "./spec";
import { edit, loadData, look, message, studio } from "./studio.svelte";
import type { Row, Snapshot, TrainEvent } from "./types";

const FLUSH_MS = 40;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
let listening: AbortController | null = null;
let made = 0;

const nextLetter = (): string => LETTERS[made++ % LETTERS.length] ?? "A";

/** Stops listening; the server notices and stops computing. What came stays. */
export function halt(): void {
  listening?.abort();
  listening = null;
  const [run] = studio.runs;
  if (run?.status === "running") run.status = "paused";
}

function parsed(event: string, data: string): TrainEvent | null {
  const known = ["start", "row", "snapshot", "end", "error"].includes(event);
  return known ? ({ kind: event, data: JSON.parse(data) } as TrainEvent) : null;
}

/** Listens until the stream ends or is let go. */
async function listen(run: TrainRun, body: unknown): Promise<void> {
  halt();
  const mine = new AbortController();
  listening = mine;
  run.status = "running";
  run.end = null;
  run.problem = null;
  let waiting: TrainEvent[] = [];
  let flushed = performance.now();
  const flush = (): void => {
    run.take(waiting);
    waiting = [];
    flushed = performance.now();
  };
  try {
    for await (const { event, data } of eventsOf("/api/train", body, mine.signal)) {
      const found = parsed(event, data);
      if (found) waiting.push(found);
      if (performance.now() - flushed >= FLUSH_MS) flush();
      if (found?.kind === "error") throw new Error(found.data.error.message);
    }
    flush();
    if (listening === mine) finish(run);
  } catch (error) {
    flush();
    if (listening !== mine) return;
    run.status = "failed";
    run.problem = message(error);
  }
  if (listening === mine) listening = null;
  mine.abort();
}

/** A part of a run that was asked for is no end of it. */
function finish(run: TrainRun): void {
  const isPart = run.end?.reason === "steps" || run.end?.reason === "time";
  run.status = run.end && !isPart ? "ended" : "paused";
}

/** The moment before the first step alone. */
export async function trainNothing(): Promise<void> {
  await train({ steps: 0 });
}

/** A run of the settings from their first weights. The one before is dropped, unless it is kept. */
export async function begin(given: Spec): Promise<TrainRun | null> {
  halt();
  try {
    const data = await loadData(given.data);
    if (!data || !studio.catalog || given !== studio.spec) return null;
    const spec = fitting(given, data, studio.catalog);
    studio.spec = spec;
    studio.status = { kind: "ready" };
    const kept = studio.runs.filter((run) => compared.has(run) && !isAnother(run.spec, spec)).slice(0, 1);
    if (kept.length === 0) made = 0;
    const run = new TrainRun(nextLetter(), spec, data);
    studio.runs = [run, ...kept];
    studio.isPending = false;
    look({ selected: 0, at: 0 });
    return run;
  } catch (error) {
    studio.status = { kind: "failed", message: message(error) };
    return null;
  }
}

const compared = new WeakSet<TrainRun>();

export const isKept = (run: TrainRun): boolean => compared.has(run);

/** A kept run leaves the comparison. */
export function drop(run: TrainRun): void {
  compared.delete(run);
  studio.runs = studio.runs.filter((each) => each !== run);
  look({ selected: 0, at: Math.min(studio.at, studio.length) });
}

/** The current run stays to be compared with the next one. */
export function keepForComparison(): void {
  const [run] = studio.runs;
  if (run) compared.add(run);
}

/** Trains the current run on: to so many epochs in all, or only up to a step. */
export async function train(part: Part = {}): Promise<void> {
  const [run] = studio.runs;
  if (run) await listen(run, run.request(part));
}

export const isFinished = (run: TrainRun): boolean => run.status === "ended" || run.status === "failed";

const epochsDone = (run: TrainRun): number => Math.floor(Math.max(0, run.step) / run.perEpoch);

/** One more epoch, or so many, recorded at the usual rhythm and at their end. */
export async function epochs(count: number): Promise<void> {
  const [run] = studio.runs;
  if (!run) return;
  const every = Math.max(1, Math.round((count * run.perEpoch) / 60));
  await train({ epochs: epochsDone(run) + count, every });
}

/** One more step. */
export async function oneBatch(): Promise<void> {
  const [run] = studio.runs;
  if (!run) return;
  const before = Math.max(0, run.step);
  await train({ epochs: epochsDone(run) + 1, steps: before + 1, every: 1 });
}

/** From the first weights again, or from newly drawn ones. */
export async function reset({ newWeights = false } = {}): Promise<TrainRun | null> {
  const { spec } = studio;
  if (!spec) return null;
  if (!newWeights) return await begin(spec);
  const scheme = spec.weights.kind === "drawn" ? spec.weights.scheme : (studio.catalog?.initialisers[0]?.name ?? "");
  const seed = spec.weights.kind === "drawn" ? spec.weights.seed + 1 : 1;
  edit({ weights: { kind: "drawn", scheme, seed } });
  return null;
}

/** The state goes along only where it is this optimizer's. */
function carried(snapshot: Snapshot, before: Spec, after: Spec): Snapshot {
  const same = before.learning.method === after.learning.method && JSON.stringify(before.learning.switches) === JSON.stringify(after.learning.switches);
  return same ? snapshot : { ...snapshot, state: {} };
}

/** A new run with the current settings from the shown moment; the old one stays beside it. */
export function branchFromHere(): TrainRun | null {
  const { run: old, snapshot, spec, row } = studio;
  if (!old || !snapshot || !spec) return null;
  halt();
  const first: Row | null = row && indexAt(old.rows, snapshot.step) >= 0 ? row : null;
  const run = new TrainRun(nextLetter(), spec, old.data, { letter: old.letter, snapshot: carried(snapshot, old.spec, spec), row: first });
  compared.add(old);
  studio.runs = [run, old];
  studio.isPending = false;
  look({ selected: 0, at: 0 });
  return run;
}
