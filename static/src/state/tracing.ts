/** Asks for the trace of what is to be computed, and puts it on the screen. */
import { ApiError, Channel } from "../api/client";
import type { Trace, TraceRequest } from "../api/types";
import { reusing, samePlan } from "../model/reuse";
import { complete, isWhole } from "./completing";
import { remember } from "./history";
import { store } from "./moment.svelte";
import { requestOf, type Spec } from "./spec";
import type { Pin } from "./view";

const channel = new Channel();

export function cancel(): void {
  channel.cancel();
  store.status = { kind: "failed", message: "Stopped. What you see belongs to the settings before." };
}

/** One being computed while the one before is drawn. */
const MOST_ON_THE_WAY = 2;
let onTheWay = 0;
let isWaiting = false;

/** Asks again and again while a gesture lasts: the newest edit is next, none ends the ones before it, so that none is starved. */
export async function followTrace(): Promise<void> {
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

/** The playhead stays where it is wished, as far as the trace reaches: an edit that ends it early doesn't lose one's place. */
function stand(): void {
  const from = store.wished;
  const to = Math.min(from, store.length);
  store.at = to;
  store.putBack = to < from ? { from, to } : null;
}

/** An answer stands as the newest, or while a gesture lasts as one on the way to it. */
function show(trace: Trace, spec: Spec, sample: number | null): void {
  const { status, focus, view: { pin, trail } } = store;
  store.received = reusing(store.received, trace);
  if (!samePlan(store.plan, store.received)) store.plan = store.received;
  store.traced = { spec, sample };
  if (!store.isStale) store.status = { kind: "ready" };
  else if (status.kind === "failed") store.status = { kind: "loading", isSlow: false };
  stand();
  const isThere = ({ tensor, cell }: Pin): boolean => cell < (trace.tensors[tensor]?.data.length ?? 0);
  if (focus && !focus.cells.every((cell) => isThere({ tensor: focus.tensor, cell }))) store.focus = null;
  if (pin && !isThere(pin)) store.view = { ...store.view, pin: null, trail: [] };
  else if (!trail.every(isThere)) store.view = { ...store.view, trail: trail.filter(isThere) };
}
