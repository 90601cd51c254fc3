/** The one state of the page. It changes through `update` alone, which keeps the address and the trace in step with it. */
import { ApiError, Channel } from "../api/client";
import type { Catalog, Trace } from "../api/types";
import { questionsOf } from "../model/exercise";
import { momentAt, timelineOf, versionsOf } from "../model/timeline";
import { firstOpen, masked } from "./blanks";
import { exerciseText } from "./exercise";
import { digest, exerciseKey, settledOf, storedRecords, storeRecords, type Records } from "./sitting";
import { requestOf, type Spec } from "./spec";
import { readPlace, writePlace } from "./url";
import { FIRST_VIEW, fitting, type Pin, type View } from "./view";

export type Status =
  | { kind: "loading"; isSlow: boolean }
  | { kind: "ready" }
  | { kind: "failed"; message: string };

/** Cells pointed at: one of a matrix, or all that a neuron stands for. */
export interface Focus {
  tensor: string;
  cells: readonly number[];
}

/** What a trace was asked for with. */
export interface Traced {
  spec: Spec;
  sample: number | null;
}

export interface Change {
  spec?: Spec;
  view?: Partial<View>;
  at?: number;
}

const WRITE_EVERY = 400;

class Store {
  catalog = $state.raw<Catalog | null>(null);
  spec = $state.raw<Spec | null>(null);
  view = $state.raw<View>(FIRST_VIEW);
  at = $state(0);
  isPlaying = $state(false);
  /** The trace as the server sent it. */
  received = $state.raw<Trace | null>(null);
  /** What the trace on the screen was asked for with. */
  traced = $state.raw<Traced | null>(null);
  status = $state.raw<Status>({ kind: "loading", isSlow: false });
  problems = $state.raw<readonly string[]>([]);
  focus = $state.raw<Focus | null>(null);
  /** The number of the written-out sum that is pointed at. */
  term = $state.raw<Pin | null>(null);
  /** The operand whose term of the formula is pointed at. */
  role = $state<string | null>(null);
  undoable = $state(0);
  /** How many edits lie ahead, as far as this page has seen. */
  redoable = $state(0);

  /** What was answered in this sitting. */
  records = $state.raw<Records>(storedRecords());
  experiment = $derived(this.traced ? digest(JSON.stringify(requestOf(this.traced.spec, this.traced.sample))) : "");
  exerciseKey = $derived(this.view.exercise ? exerciseKey(this.experiment, exerciseText(this.view.exercise)) : "");
  settled = $derived(settledOf(this.records, this.exerciseKey));
  questions = $derived(this.received && this.view.exercise ? questionsOf(this.received, this.view.exercise) : []);
  /** The question that the playhead can't pass; null where none is open. */
  asked = $derived(firstOpen(this.questions, this.settled));
  /** The trace as far as it may be seen: what an exercise still asks is blank. */
  trace = $derived(this.received && masked(this.received, this.questions, this.settled));

  timeline = $derived(timelineOf(this.received ?? { steps: [] }));
  versions = $derived(versionsOf(this.trace ?? { tensors: {} }));
  /** How far the playhead can go: to the end, or to the step that an exercise asks. */
  length = $derived(this.asked ? this.asked.step + 1 : this.timeline.length);
  speed = $derived(this.view.speed);
  /** How many steps are done. */
  done = $derived(Math.floor(this.at));
  step = $derived(momentAt(this.at, this.timeline.length).step);
  progress = $derived(momentAt(this.at, this.timeline.length).progress);
  current = $derived(this.trace?.steps[this.step] ?? null);
  iteration = $derived(this.timeline.iterationOf[this.step] ?? 0);
  isStale = $derived(
    this.trace !== null && (this.traced?.spec !== this.spec || this.traced?.sample !== this.view.sample),
  );
  /** As `isStale`, but not for the moment that an answer takes. */
  isOutOfDate = $derived(
    this.isStale && (this.status.kind === "failed" || (this.status.kind === "loading" && this.status.isSlow)),
  );
}

export const store = new Store();

const channel = new Channel();
let written = 0;
let later: ReturnType<typeof setTimeout> | undefined;

function address(): string {
  if (!store.catalog || !store.spec) return location.href;
  return writePlace({ spec: store.spec, view: store.view, at: store.at }, store.catalog);
}

function replaceAddress(): void {
  written = performance.now();
  clearTimeout(later);
  later = undefined;
  history.replaceState({ undoable: store.undoable }, "", address());
}

/** The playhead goes to the address a few times a second at most: browsers allow no more. */
function noteAddress(): void {
  const wait = WRITE_EVERY - (performance.now() - written);
  if (wait <= 0) replaceAddress();
  else later ??= setTimeout(replaceAddress, wait);
}

function pushAddress(): void {
  clearTimeout(later);
  later = undefined;
  store.undoable++;
  store.redoable = 0;
  history.pushState({ undoable: store.undoable }, "", address());
}

/** What is computed and for whom goes into the history; how it is looked at only into the address. */
const isRemembered = ({ spec, view }: Change): boolean =>
  spec !== undefined || [view?.sample, view?.digits, view?.exercise, view?.branches, view?.pair].some((each) => each !== undefined);

function apply({ spec, view, at }: Change): void {
  if (spec) store.spec = spec;
  if (view) store.view = { ...store.view, ...view };
  if (at !== undefined) store.at = Math.max(0, Math.min(at, store.length));
  store.at = Math.min(store.at, store.length);
  store.view = fitting(store.view, store.spec?.X.length ?? 0);
}

/** The only way to change what is computed or how it is looked at. An edit can be undone; a move of the playhead needn't. */
export function update(change: Change): void {
  const { sample } = store.view;
  if (isRemembered(change) && later !== undefined) replaceAddress();
  apply(change);
  if (isRemembered(change)) pushAddress();
  else noteAddress();
  if (change.spec || store.view.sample !== sample) void fetchTrace();
}

/** Keeps what was answered. */
export function keepRecords(records: Records): void {
  store.records = records;
  storeRecords(records);
}

/** The address of an exercise: this experiment, with the answers still to come. */
export function exerciseLink(): string {
  if (!store.catalog || !store.spec) return location.href;
  const { sample, digits, exercise } = store.view;
  const view: View = { ...FIRST_VIEW, lens: "exercise", sample, digits, exercise };
  return location.origin + location.pathname + writePlace({ spec: store.spec, view, at: null }, store.catalog);
}

/** Undo and redo are the browser's back and forward. */
export function undo(): void {
  if (store.undoable > 0) history.back();
}

export function redo(): void {
  history.forward();
}

export function cancel(): void {
  channel.cancel();
  store.status = { kind: "failed", message: "Stopped. What you see belongs to the settings before." };
}

export async function fetchTrace(): Promise<void> {
  const { spec, view: { sample } } = store;
  if (!spec) return;
  if (store.status.kind !== "failed") store.status = { kind: "loading", isSlow: false };
  const onslow = (): void => { store.status = { kind: "loading", isSlow: true }; };
  try {
    const trace = await channel.ask<Trace>("/api/trace", requestOf(spec, sample), onslow);
    if (trace) show(trace, spec, sample);
  } catch (error) {
    store.status = { kind: "failed", message: error instanceof ApiError ? error.message : String(error) };
  }
}

function show(trace: Trace, spec: Spec, sample: number | null): void {
  store.received = trace;
  store.traced = { spec, sample };
  store.status = { kind: "ready" };
  store.at = Math.min(store.at, store.length);
  store.focus = null;
  const isThere = ({ tensor, cell }: Pin): boolean => cell < (trace.tensors[tensor]?.data.length ?? 0);
  const { pin, trail } = store.view;
  if (pin && !isThere(pin)) store.view = { ...store.view, pin: null, trail: [] };
  else if (!trail.every(isThere)) store.view = { ...store.view, trail: trail.filter(isThere) };
}

/** Reads the state from the address: at the start, and when the browser goes back or forward. */
function readAddress(): number | null {
  if (!store.catalog) return null;
  const { place, problems } = readPlace(location.search + location.hash, store.catalog);
  store.problems = problems;
  if (!place) return null;
  store.spec = place.spec;
  store.view = place.view;
  if (place.at !== null) store.at = place.at;
  return place.at;
}

function onpopstate(event: PopStateEvent): void {
  const state = event.state as { undoable?: number } | null;
  const undoable = state?.undoable ?? 0;
  store.redoable = Math.max(0, store.redoable + store.undoable - undoable);
  store.undoable = undoable;
  store.isPlaying = false;
  readAddress();
  void fetchTrace();
}

/** Loads the catalogue and the first trace; returns the playhead that the address asks for. */
export async function start(): Promise<number | null> {
  const state = history.state as { undoable?: number } | null;
  store.undoable = state?.undoable ?? 0;
  addEventListener("popstate", onpopstate);
  try {
    store.catalog = await new Channel().ask<Catalog>("/api/catalog");
  } catch (error) {
    store.status = { kind: "failed", message: error instanceof ApiError ? error.message : String(error) };
    return null;
  }
  const at = readAddress();
  if (at !== null) store.at = at;
  await fetchTrace();
  return at;
}
