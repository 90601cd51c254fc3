/** The state changes through `update` alone, which keeps the address and the trace in step with it. */
import { ApiError, Channel } from "../api/client";
import type { Catalog } from "../api/types";
import { address, countEdits, edits, editsBehind, entryNow, remember, REMEMBERED, type Entry } from "./history";
import { store } from "./moment.svelte";
import { storeRecords, type Records } from "./sitting";
import type { Spec } from "./spec";
import { fetchTrace, followTrace } from "./tracing";
import { isSameSpec, readPlace, writePlace } from "./url";
import { FIRST_VIEW, fitting, type Pin, type View } from "./view";

export { store, type Focus, type Status, type Traced } from "./moment.svelte";
export { cancel, fetchTrace } from "./tracing";

export interface Change {
  spec?: Spec;
  view?: Partial<View>;
  at?: number;
  /** Changes of one gesture, such as a drag, are one entry of the history. */
  gesture?: string;
}

let gesture: string | undefined;
/** An undo goes back through the browser's steps, to the edit before. */
let isPassingPins = false;

/** The next change is another edit, and the address has this one. */
export function endGesture(): void {
  gesture = undefined;
  address.flush();
}

/** What is computed and for whom goes into the history; how it is looked at only into the address. */
const isRemembered = ({ spec, view }: Change): boolean => spec !== undefined || REMEMBERED.some((each) => view?.[each] !== undefined);

function apply({ spec, view, at }: Change): void {
  if (spec) store.spec = spec;
  if (view) store.view = { ...store.view, ...view };
  if (at !== undefined) {
    store.at = Math.max(0, Math.min(at, store.length));
    store.putBack = null;
  }
  store.at = Math.min(store.at, store.length);
  store.view = fitting(store.view, store.spec?.X.length ?? 0);
}

const isPin = (one: Pin | null, other: Pin | null): boolean => one?.tensor === other?.tensor && one?.cell === other?.cell;

/** A walk from number to number is one of the browser's steps, so that Back leads back; for undo it is none. */
const isWalk = ({ view }: Change): boolean => view?.pin !== undefined && !isPin(view.pin, store.view.pin);

/** The only way to change what is computed or how it is looked at. An edit can be undone; a move of the playhead needn't. */
export function update(change: Change): void {
  const { spec, view: { sample } } = store;
  const isEdit = isRemembered(change);
  const isStep = !isEdit && isWalk(change);
  isPassingPins = false;
  const isContinued = change.gesture !== undefined && change.gesture === gesture;
  if (isEdit) gesture = change.gesture;
  if (isStep || (isEdit && !isContinued)) address.flush();
  apply(change);
  if (isEdit && !isContinued) keepBefore(spec);
  if (isEdit) remember(isContinued);
  else if (isStep) address.push();
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
 * What was done before a reload is the browser's to find; the pins on the way there are passed.
 */
export function undo(): void {
  if (edits.behind === 0) return;
  const entry = edits.move(-1);
  if (entry) restore(entry);
  else {
    isPassingPins = true;
    history.back();
  }
}

export function redo(): void {
  const entry = edits.move(1);
  if (entry) restore(entry);
  else history.forward();
}

/** Reads the state from the address: at the start, and when the browser goes back or forward. */
function readAddress(): number | null {
  if (!store.catalog) return null;
  const { place, problems } = readPlace(location.search + location.hash, store.catalog);
  store.problems = problems;
  if (!place) return null;
  // The same one stays, so that its trace needn't be asked for again.
  if (!store.spec || !isSameSpec(store.spec, place.spec, store.catalog)) store.spec = place.spec;
  store.view = place.view;
  if (place.at !== null) store.at = place.at;
  return place.at;
}

/** Stands where an entry of the browser's history says. */
function stand(state: unknown): number | null {
  const at = readAddress();
  const entry = entryNow();
  if (entry) edits.standAt(editsBehind(state), entry);
  countEdits();
  return at;
}

function onpopstate(event: PopStateEvent): void {
  isPassingPins &&= editsBehind(event.state) === edits.behind;
  if (isPassingPins) {
    history.back();
    return;
  }
  const { spec: old, view: { sample } } = store;
  gesture = undefined;
  store.isPlaying = false;
  stand(event.state);
  keepBefore(old);
  if (store.spec !== old || store.view.sample !== sample) void fetchTrace();
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
