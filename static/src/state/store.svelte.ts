/** The one state of the page. It changes through `update` alone, which keeps the address and the trace in step with it. */
import { ApiError, Channel } from "../api/client";
import type { Catalog, Trace, TraceRequest } from "../api/types";
import { questionsOf } from "../model/exercise";
import { reusing, samePlan, type Plan } from "../model/reuse";
import { momentAt, timelineOf, versionsOf } from "../model/timeline";
import { Address } from "./address";
import { firstOpen, masked } from "./blanks";
import { complete, isWhole } from "./completing";
import { Edits } from "./edits";
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
  /** Changes of one gesture, such as a drag, are one entry of the history. */
  gesture?: string;
}

const NO_QUESTIONS: ReturnType<typeof questionsOf> = [];

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
  /** The trace that was on the screen before the last edit. */
  before = $state.raw<Trace | null>(null);
  /** A trace with these steps and shapes; it stays the same as long as only numbers change, so that nothing else is worked out anew. */
  plan = $state.raw<Plan>({ steps: [], tensors: {}, equations: {} });
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
  questions = $derived(this.view.exercise && this.received ? questionsOf(this.received, this.view.exercise) : NO_QUESTIONS);
  /** The question that the playhead can't pass; null where none is open. */
  asked = $derived(firstOpen(this.questions, this.settled));
  /** The trace as far as it may be seen: what an exercise still asks is blank. */
  trace = $derived(this.received && masked(this.received, this.questions, this.settled));

  timeline = $derived(timelineOf(this.plan));
  versions = $derived(versionsOf(this.plan));
  /** How far the playhead can go: to the end, or to the step that an exercise asks. */
  length = $derived(this.asked ? this.asked.step + 1 : this.timeline.length);
  speed = $derived(this.view.speed);
  /** How many steps are done. */
  done = $derived(Math.floor(this.at));
  step = $derived(momentAt(this.at, this.timeline.length).step);
  progress = $derived(momentAt(this.at, this.timeline.length).progress);
  current = $derived(this.plan.steps[this.step] ?? null);
  iteration = $derived(this.timeline.iterationOf[this.step] ?? 0);
  isStale = $derived(
    this.trace !== null && (this.traced?.spec !== this.spec || this.traced?.sample !== this.view.sample),
  );
  /** As `isStale`, but not for the moment that an answer takes: docs/decisions/0020. */
  isOutOfDate = $derived(
    this.isStale && (this.status.kind === "failed" || (this.status.kind === "loading" && this.status.isSlow)),
  );
}

export const store = new Store();

const REMEMBERED = ["sample", "digits", "exercise", "branches", "pair"] as const;

/** What an edit changes. */
type Entry = Pick<View, (typeof REMEMBERED)[number]> & { spec: Spec };

const channel = new Channel();
const edits = new Edits<Entry>();
const address = new Address(written, () => ({ undoable: edits.behind }));
let gesture: string | undefined;

function written(): string {
  if (!store.catalog || !store.spec) return location.href;
  return writePlace({ spec: store.spec, view: store.view, at: store.at }, store.catalog);
}

/** The next change is another edit, and the address has this one. */
export function endGesture(): void {
  gesture = undefined;
  address.flush();
}

function entryNow(): Entry | null {
  const { spec, view: { sample, digits, exercise, branches, pair } } = store;
  return spec && { spec, sample, digits, exercise, branches, pair };
}

/** What the buttons for undo and redo go by. */
function countEdits(): void {
  store.undoable = edits.behind;
  store.redoable = edits.ahead;
}

function remember(isContinued: boolean): void {
  const entry = entryNow();
  if (!entry) return;
  if (isContinued) edits.replace(entry);
  else edits.add(entry);
  countEdits();
  if (isContinued) address.settle();
  else address.push();
}

/** What is computed and for whom goes into the history; how it is looked at only into the address. */
const isRemembered = ({ spec, view }: Change): boolean => spec !== undefined || REMEMBERED.some((each) => view?.[each] !== undefined);

function apply({ spec, view, at }: Change): void {
  if (spec) store.spec = spec;
  if (view) store.view = { ...store.view, ...view };
  if (at !== undefined) store.at = Math.max(0, Math.min(at, store.length));
  store.at = Math.min(store.at, store.length);
  store.view = fitting(store.view, store.spec?.X.length ?? 0);
}

/** The only way to change what is computed or how it is looked at. An edit can be undone; a move of the playhead needn't. */
export function update(change: Change): void {
  const { spec, view: { sample } } = store;
  const isEdit = isRemembered(change);
  const isContinued = change.gesture !== undefined && change.gesture === gesture;
  if (isEdit) gesture = change.gesture;
  if (isEdit && !isContinued) address.flush();
  apply(change);
  if (isEdit && !isContinued) keepBefore(spec);
  if (isEdit) remember(isContinued);
  else address.note();
  if (!change.spec && store.view.sample === sample) return;
  if (change.gesture === undefined) void fetchTrace();
  else void followTrace();
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

/** Numbers are compared with those before the edit, as long as they are of the same preset and rows. */
function keepBefore(old: Spec | null): void {
  const { received: trace, traced, spec, view: { sample } } = store;
  if (old === spec && traced?.sample === sample) return;
  store.before = old?.preset === spec?.preset && traced?.sample === sample ? trace : null;
}

function restore({ spec, ...view }: Entry): void {
  const old = store.spec;
  gesture = undefined;
  store.isPlaying = false;
  apply({ spec, view });
  keepBefore(old);
  countEdits();
  address.note();
  void fetchTrace();
}

/**
 * Undo walks the page's own list: browsers keep fifty entries at most, and drop steps that follow each other quickly.
 * What was done before a reload is the browser's to find.
 */
export function undo(): void {
  if (edits.behind === 0) return;
  const entry = edits.move(-1);
  if (entry) restore(entry);
  else history.back();
}

export function redo(): void {
  const entry = edits.move(1);
  if (entry) restore(entry);
  else history.forward();
}

export function cancel(): void {
  channel.cancel();
  store.status = { kind: "failed", message: "Stopped. What you see belongs to the settings before." };
}

/** One being computed while the one before is drawn. */
const MOST_ON_THE_WAY = 2;
let onTheWay = 0;
let isWaiting = false;

/** Asks again and again while a gesture lasts: the newest edit is next, none ends the ones before it, so that none is starved. */
async function followTrace(): Promise<void> {
  isWaiting = onTheWay >= MOST_ON_THE_WAY;
  if (isWaiting) return;
  onTheWay++;
  await fetchTrace(true);
  onTheWay--;
  if (isWaiting) void followTrace();
}

export async function fetchTrace(isLive = false): Promise<void> {
  const { spec: asked, view: { sample } } = store;
  if (!asked) return;
  if (!isLive) isWaiting = false;
  if (store.status.kind === "ready") store.status = { kind: "loading", isSlow: false };
  const onslow = (): void => { store.status = { kind: "loading", isSlow: true }; };
  const ask = (request: TraceRequest): Promise<Trace | null> =>
    isLive ? channel.askAlso<Trace>("/api/trace", request, onslow) : channel.ask<Trace>("/api/trace", request, onslow);
  try {
    const spec = isWhole(asked) ? asked : await complete(asked, ask);
    if (!spec) return;
    if (spec !== asked) fillIn(spec);
    const trace = await ask(requestOf(spec, sample));
    if (trace) show(trace, spec, sample);
  } catch (error) {
    store.status = { kind: "failed", message: error instanceof ApiError ? error.message : String(error) };
  }
}

/** The same edit, with the numbers that were on their way. */
function fillIn(spec: Spec): void {
  store.spec = spec;
  remember(true);
}

/** An answer stands as the newest, or while a gesture lasts as one on the way to it. */
function show(trace: Trace, spec: Spec, sample: number | null): void {
  const { status, focus, view: { pin, trail } } = store;
  store.received = reusing(store.received, trace);
  if (!samePlan(store.plan, store.received)) store.plan = store.received;
  store.traced = { spec, sample };
  if (!store.isStale) store.status = { kind: "ready" };
  else if (status.kind === "failed") store.status = { kind: "loading", isSlow: false };
  store.at = Math.min(store.at, store.length);
  const isThere = ({ tensor, cell }: Pin): boolean => cell < (trace.tensors[tensor]?.data.length ?? 0);
  if (focus && !focus.cells.every((cell) => isThere({ tensor: focus.tensor, cell }))) store.focus = null;
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

/** Stands where an entry of the browser's history says. */
function stand(state: unknown): number | null {
  const at = readAddress();
  const entry = entryNow();
  if (entry) edits.standAt((state as { undoable?: number } | null)?.undoable ?? 0, entry);
  countEdits();
  return at;
}

function onpopstate(event: PopStateEvent): void {
  const old = store.spec;
  gesture = undefined;
  store.isPlaying = false;
  stand(event.state);
  keepBefore(old);
  void fetchTrace();
}

/** Loads the catalogue and the first trace; returns the playhead that the address asks for. */
export async function start(): Promise<number | null> {
  addEventListener("popstate", onpopstate);
  try {
    store.catalog = await new Channel().ask<Catalog>("/api/catalog");
  } catch (error) {
    store.status = { kind: "failed", message: error instanceof ApiError ? error.message : String(error) };
    return null;
  }
  const at = stand(history.state);
  if (at !== null) store.at = at;
  await fetchTrace();
  return at;
}
