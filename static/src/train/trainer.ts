/** Computing: streams are started, listened to and let go here. The clock is the server's; what comes is recorded. */
import { carriesTheSame } from "../learning/learning";
import { eventsOf } from "../api/stream";
import { TrainRun, indexAt, type Part } from "./run.svelte";
import { fitting, type Spec } from "./spec";
import { edit, loadData, look, message, studio } from "./studio.svelte";
import type { Row, Snapshot, TrainEvent } from "./types";

const FLUSH_MS = 40;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
let listening: { controller: AbortController; run: TrainRun } | null = null;

/** Stops listening; the server notices and stops computing. What came stays. */
export function halt(): void {
  if (!listening) return;
  const { controller, run } = listening;
  listening = null;
  controller.abort();
  run.status = "paused";
  wake(run);
}

function parsed(event: string, data: string): TrainEvent | null {
  const known = ["start", "row", "snapshot", "end", "error"].includes(event);
  return known ? ({ kind: event, data: JSON.parse(data) } as TrainEvent) : null;
}

/** Who waits until a run has come so far. */
let waiting: { run: TrainRun; step: number; go(): void }[] = [];

function wake(run: TrainRun): void {
  const isThere = (each: { run: TrainRun; step: number }): boolean => each.run === run && (run.status !== "running" || run.step >= each.step);
  for (const { go } of waiting.filter(isThere)) go();
  waiting = waiting.filter((each) => !isThere(each));
}

/** Until the run has been recorded up to a step, or computes no more. */
export async function reaches(run: TrainRun, step: number): Promise<void> {
  await new Promise<void>((go) => {
    waiting.push({ run, step, go });
    wake(run);
  });
}

/** Records what a stream tells, a few times a second. */
async function record(run: TrainRun, body: unknown, signal: AbortSignal): Promise<void> {
  let events: TrainEvent[] = [];
  let flushed = -Infinity;
  const flush = (): void => {
    run.take(events);
    events = [];
    flushed = performance.now();
    wake(run);
  };
  try {
    for await (const { event, data } of eventsOf("/api/train", body, signal)) {
      const found = parsed(event, data);
      if (found?.kind === "error") throw new Error(found.data.error.message);
      if (found) events.push(found);
      // The first moment is shown at once.
      if (performance.now() - flushed >= FLUSH_MS || (run.snapshots.length === 0 && found?.kind === "snapshot")) flush();
    }
  } finally {
    flush();
  }
}

/** Listens until the stream ends or is let go. */
async function listen(run: TrainRun, body: unknown): Promise<void> {
  halt();
  const mine = new AbortController();
  listening = { controller: mine, run };
  run.status = "running";
  run.end = null;
  run.problem = null;
  try {
    await record(run, body, mine.signal);
    if (!mine.signal.aborted) finish(run);
  } catch (error) {
    if (mine.signal.aborted) return;
    run.status = "failed";
    run.problem = message(error);
  }
  if (listening?.run === run) listening = null;
  wake(run);
}

/** A part of a run that was asked for is no end of it. */
function finish(run: TrainRun): void {
  const isPart = run.end?.reason === "steps" || run.end?.reason === "time";
  run.status = run.end && !isPart ? "ended" : "paused";
}

/** The run takes the stage. The one before leaves it, unless it is kept; the one that was kept last stays, whatever it learns. */
function install(run: TrainRun): void {
  const kept = studio.runs.filter((each) => compared.has(each)).slice(0, 1);
  studio.runs = [run, ...kept];
  studio.isPending = false;
  look({ selected: 0, at: 0 });
}

/** The first letter that no kept run has. */
function freeLetter(): string {
  const taken = studio.runs.filter((run) => compared.has(run)).map(({ letter }) => letter);
  return [...LETTERS].find((letter) => !taken.includes(letter)) ?? "A";
}

/** The settings with their data, and with a loss that these can have. */
async function prepared(given: Spec): Promise<TrainRun | null> {
  const data = await loadData(given.data);
  if (!data || !studio.catalog || given !== studio.spec) return null;
  const spec = fitting(given, data, studio.catalog);
  studio.spec = spec;
  return new TrainRun(freeLetter(), spec, data);
}

/** A run of the settings from their first weights. What was shown stays until its first moment is here, which is when this resolves. */
export async function begin(given: Spec, part: Part = {}): Promise<TrainRun | null> {
  halt();
  let coming = (studio.coming = given);
  try {
    const run = await prepared(given);
    if (!run) return null;
    coming = studio.coming = run.spec;
    void listen(run, run.request(part));
    await reaches(run, 0);
    if (run.status === "failed" && run.snapshots.length === 0) throw new Error(run.problem ?? "");
    if (run.snapshots.length === 0) return null;
    studio.status = { kind: "ready" };
    install(run);
    return run;
  } catch (error) {
    studio.status = { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    return null;
  } finally {
    if (studio.coming === coming) studio.coming = null;
  }
}

/** The runs that stay to be compared with. */
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

/** How many more epochs a run can be trained that may have so many steps. */
export const epochsLeft = (run: TrainRun, mostSteps: number): number => Math.floor(mostSteps / run.perEpoch) - epochsDone(run);

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

/** Other first weights, drawn by the same scheme. */
export function drawAgain(): void {
  const { spec } = studio;
  if (!spec) return;
  const scheme = spec.weights.kind === "drawn" ? spec.weights.scheme : (studio.catalog?.initialisers[0]?.name ?? "");
  const seed = spec.weights.kind === "drawn" ? spec.weights.seed + 1 : 1;
  edit({ weights: { kind: "drawn", scheme, seed } });
}

/** The state goes along only where it is this optimizer's and schedule's; another one starts afresh. */
function carried(snapshot: Snapshot, before: Spec, after: Spec): Snapshot {
  return carriesTheSame(before.learning, after.learning) ? snapshot : { ...snapshot, state: {}, afresh: true };
}

/** A new run with the current settings from the shown moment; the old one stays beside it. */
export function branchFromHere(): TrainRun | null {
  const { run: old, snapshot, spec, row } = studio;
  if (!old || !snapshot || !spec) return null;
  halt();
  const first: Row | null = row && indexAt(old.rows, snapshot.step) >= 0 ? row : null;
  compared.add(old);
  const run = new TrainRun(freeLetter(), spec, old.data, { from: old, snapshot: carried(snapshot, old.spec, spec), row: first });
  studio.runs = [run, old];
  studio.isPending = false;
  look({ selected: 0, at: 0 });
  return run;
}
