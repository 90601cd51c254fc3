/** The one state of the page. It changes through `update` alone, which keeps the address and the trace in step with it. */
import { ApiError, Channel } from "../api/client";
import type { Catalog, Trace, TraceRequest } from "../api/types";
import { reusing } from "../model/reuse";
import { momentAt, timelineOf, versionsOf } from "../model/timeline";
import { complete, isWhole } from "./completing";
import { Edits } from "./edits";
import { requestOf, type Spec } from "./spec";
import { readPlace, writePlace } from "./url";
import { FIRST_VIEW, type Pin, type View } from "./view";

export type Status =
  | { kind: "loading"; isSlow: boolean }
  | { kind: "ready" }
  | { kind: "failed"; message: string };

/** Cells pointed at: one of a matrix, or all that a neuron stands for. */
export interface Focus {
  tensor: string;
  cells: readonly number[];
}

export interface Change {
  spec?: Spec;
  view?: Partial<View>;
  at?: number;
  /** Changes of one gesture, such as a drag, are one entry of the history. */
  gesture?: string;
}

const WRITE_EVERY = 400;

class Store {
  catalog = $state.raw<Catalog | null>(null);
  spec = $state.raw<Spec | null>(null);
  view = $state.raw<View>(FIRST_VIEW);
  at = $state(0);
  isPlaying = $state(false);
  trace = $state.raw<Trace | null>(null);
  /** What the trace on the screen was asked for with. */
  traced = $state.raw<{ spec: Spec; sample: number | null } | null>(null);
  /** The trace that was on the screen before the last edit. */
  before = $state.raw<Trace | null>(null);
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

  /** The trace whose steps these are; it stays the same as long as only numbers change, so that nothing else is worked out anew. */
  plan = $state.raw<Pick<Trace, "steps" | "tensors">>({ steps: [], tensors: {} });

  timeline = $derived(timelineOf(this.plan));
  versions = $derived(versionsOf(this.plan));
  length = $derived(this.timeline.length);
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
  /** As `isStale`, but not for the moment that an answer takes. */
  isOutOfDate = $derived(
    this.isStale && (this.status.kind === "failed" || (this.status.kind === "loading" && this.status.isSlow)),
  );
}

export const store = new Store();

/** What an edit changes. */
type Entry = Pick<View, "sample" | "digits"> & { spec: Spec };

const channel = new Channel();
const edits = new Edits<Entry>();
let gesture: string | undefined;
let written = 0;
let later: ReturnType<typeof setTimeout> | undefined;

function address(): string {
  if (!store.catalog || !store.spec) return location.href;
  return writePlace({ spec: store.spec, view: store.view, at: store.at }, store.catalog);
}

/** Browsers refuse where there are very many of these in a short time; the next one makes up for it. */
function write(how: "pushState" | "replaceState"): void {
  clearTimeout(later);
  later = undefined;
  written = performance.now();
  try {
    history[how]({ undoable: edits.behind }, "", address());
  } catch {
    noteAddress();
  }
}

/** The playhead goes to the address a few times a second at most: browsers allow no more. */
function noteAddress(): void {
  const wait = Math.max(0, WRITE_EVERY - (performance.now() - written));
  if (wait === 0) write("replaceState");
  else later ??= setTimeout(() => { write("replaceState"); }, wait);
}

/** What a gesture leads to goes there once it rests. */
function settleAddress(): void {
  clearTimeout(later);
  later = setTimeout(() => { write("replaceState"); }, WRITE_EVERY);
}

/** The next change is another edit, and the address has this one. */
export function endGesture(): void {
  gesture = undefined;
  if (later !== undefined) write("replaceState");
}

function entryNow(): Entry | null {
  const { spec, view: { sample, digits } } = store;
  return spec && { spec, sample, digits };
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
  if (!isContinued) write("pushState");
  else settleAddress();
}

/** What is computed and for whom goes into the history; how it is looked at only into the address. */
const isRemembered = ({ spec, view }: Change): boolean =>
  spec !== undefined || view?.sample !== undefined || view?.digits !== undefined;

function apply({ spec, view, at }: Change): void {
  if (spec) store.spec = spec;
  if (view) store.view = { ...store.view, ...view };
  if (at !== undefined) store.at = Math.max(0, Math.min(at, store.timeline.length));
  const { sample } = store.view;
  if (sample !== null && sample >= (store.spec?.X.length ?? 0)) store.view = { ...store.view, sample: null };
}

/** The only way to change what is computed or how it is looked at. An edit can be undone; a move of the playhead needn't. */
export function update(change: Change): void {
  const { spec, view: { sample } } = store;
  const isEdit = isRemembered(change);
  const isContinued = change.gesture !== undefined && change.gesture === gesture;
  if (isEdit) gesture = change.gesture;
  if (isEdit && !isContinued && later !== undefined) write("replaceState");
  apply(change);
  if (isEdit && !isContinued) keepBefore(spec);
  if (isEdit) remember(isContinued);
  else noteAddress();
  if (!change.spec && store.view.sample === sample) return;
  if (change.gesture === undefined) void fetchTrace();
  else void followTrace();
}

/** Numbers are compared with those before the edit, as long as they are of the same preset and rows. */
function keepBefore(old: Spec | null): void {
  const { trace, traced, spec, view: { sample } } = store;
  if (old === spec && traced?.sample === sample) return;
  store.before = old?.preset === spec?.preset && traced?.sample === sample ? trace : null;
}

function restore({ spec, sample, digits }: Entry): void {
  const old = store.spec;
  gesture = undefined;
  store.isPlaying = false;
  apply({ spec, view: { sample, digits } });
  keepBefore(old);
  countEdits();
  noteAddress();
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

let isFollowing = false;
let isWaiting = false;

/** Asks again and again while a gesture lasts: one request on its way, the newest edit next, so that none is starved. */
async function followTrace(): Promise<void> {
  isWaiting = isFollowing;
  if (isFollowing) return;
  isFollowing = true;
  do {
    isWaiting = false;
    await fetchTrace();
  } while (isWaiting);
  isFollowing = false;
}

export async function fetchTrace(): Promise<void> {
  const { spec: asked, view: { sample } } = store;
  if (!asked) return;
  if (store.status.kind === "ready") store.status = { kind: "loading", isSlow: false };
  const onslow = (): void => { store.status = { kind: "loading", isSlow: true }; };
  const ask = (request: TraceRequest): Promise<Trace | null> => channel.ask<Trace>("/api/trace", request, onslow);
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
  const { status, focus, view: { pin } } = store;
  store.trace = reusing(store.trace, trace);
  if (store.trace.steps !== store.plan.steps) store.plan = store.trace;
  store.traced = { spec, sample };
  if (!store.isStale) store.status = { kind: "ready" };
  else if (status.kind === "failed") store.status = { kind: "loading", isSlow: false };
  store.at = Math.min(store.at, trace.steps.length);
  const isThere = (tensor: string, cell: number): boolean => (trace.tensors[tensor]?.data.length ?? 0) > cell;
  if (focus && !focus.cells.every((cell) => isThere(focus.tensor, cell))) store.focus = null;
  if (pin && !isThere(pin.tensor, pin.cell)) store.view = { ...store.view, pin: null };
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
