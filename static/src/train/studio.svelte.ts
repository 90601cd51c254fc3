/** The one state of the page. `edit` and `look` change it, and keep the address in step with it. */
import { ApiError, Channel } from "../api/client";
import { indexAt, type TrainRun } from "./run.svelte";
import { fitting, isAnother, openingOf, type Spec } from "./spec";
import type { DataChoice, DataSetAnswer, Row, Snapshot, TrainCatalog } from "./types";
import { readPlace, writePlace, type Neuron, type Place } from "./url";
import { isOfSameRows } from "./words";

export type Status = { kind: "loading" } | { kind: "ready" } | { kind: "failed"; message: string };

const WRITE_EVERY = 400;

class Studio {
  catalog = $state.raw<TrainCatalog | null>(null);
  /** What the settings say; a run keeps the one that it was started with. */
  spec = $state.raw<Spec | null>(null);
  preset = $state<string | null>(null);
  /** Of `spec.data`; it stays until the next answer. */
  data = $state.raw<DataSetAnswer | null>(null);
  /** The current one first, then those that are kept for comparison. */
  runs = $state.raw<readonly TrainRun[]>([]);
  selected = $state(0);
  /** The playhead: an index into the run's moments. */
  at = $state(0);
  speed = $state(1);
  isPlaying = $state(false);
  /** The place that an address names is being made. */
  isOpening = $state(true);
  /** The settings of a run whose first moment isn't here yet. */
  coming: Spec | null = null;
  /** The settings have changed and the run goes on with the ones it had. */
  isPending = $state(false);
  status = $state.raw<Status>({ kind: "loading" });
  problems = $state.raw<readonly string[]>([]);
  /** The neuron that is shown large; null: the first output. */
  neuron = $state.raw<Neuron | null>(null);
  /** A row of X. */
  sample = $state<number | null>(null);
  showTest = $state(true);
  discretise = $state(false);

  run = $derived(this.runs[this.selected] ?? null);
  /** The index of the newest moment. */
  length = $derived(Math.max(0, (this.run?.snapshots.length ?? 0) - 1));
  /** The moment at the playhead, whole. */
  snapshot = $derived<Snapshot | null>(this.run?.snapshots[Math.min(Math.floor(this.at), this.length)] ?? null);
  step = $derived(this.snapshot?.step ?? 0);
  row = $derived<Row | null>(this.run ? (this.run.rows[indexAt(this.run.rows, this.step)] ?? null) : null);
  /** Whether numbers are being computed. */
  isLive = $derived(this.runs[0]?.status === "running");
  isFollowing = $derived(this.isLive && this.selected === 0 && this.at >= this.length);
}

export const studio = new Studio();

export const message = (error: unknown): string => (error instanceof ApiError ? error.message : String(error));
let written = 0;
let later: ReturnType<typeof setTimeout> | undefined;

/** How the current run is made again, as far as it is one of the settings: what it branched from, and its epochs where somebody trained on. */
function makingOf(spec: Spec, run: TrainRun | undefined): Pick<Place, "spec" | "origin"> {
  if (!run || isAnother(run.spec, spec)) return { spec, origin: null };
  const epochs = spec.epochs === run.spec.epochs ? Math.max(spec.epochs, run.epochs) : spec.epochs;
  return { spec: { ...spec, epochs }, origin: run.origin };
}

/** What the address says. */
export function address(): string {
  const { catalog, spec, preset, step, speed, neuron, sample, showTest, discretise } = studio;
  if (!catalog || !spec) return location.href;
  const at = studio.isPlaying || studio.length === 0 ? null : step;
  return writePlace({ ...makingOf(spec, studio.runs[0]), preset, step: at, speed, neuron, sample, showTest, discretise }, catalog);
}

/** An address that holds the shown weights, and all that going on from them needs. */
export function addressWithWeights(): string {
  const { catalog, run, snapshot, preset, speed, neuron, sample, showTest, discretise } = studio;
  if (!catalog || !run || !snapshot) return address();
  const { layers, ...start } = snapshot;
  const spec: Spec = { ...run.spec, epochs: Math.max(run.spec.epochs, run.epochs), weights: { kind: "given", layers, start } };
  return writePlace({ spec, origin: null, preset, step: snapshot.step, speed, neuron, sample, showTest, discretise }, catalog);
}

function replaceAddress(): void {
  written = performance.now();
  clearTimeout(later);
  later = undefined;
  history.replaceState(null, "", address());
}

/** A few times a second at most: browsers allow no more. */
function noteAddress(): void {
  if (studio.isOpening) return;
  const wait = WRITE_EVERY - (performance.now() - written);
  if (wait <= 0) replaceAddress();
  else later ??= setTimeout(replaceAddress, wait);
}

type Looks = Pick<Studio, "at" | "selected" | "speed" | "neuron" | "sample" | "showTest" | "discretise">;

/** How it is looked at: goes into the address, not into the history. */
export function look(change: Partial<Looks>): void {
  const before = studio.run;
  Object.assign(studio, change);
  studio.selected = Math.max(0, Math.min(studio.selected, studio.runs.length - 1));
  // The number of a row means nothing in other data.
  if (before && studio.run && before.data !== studio.run.data && !isOfSameRows(before.data, studio.run.data)) studio.sample = null;
  studio.at = Math.max(0, Math.min(studio.at, studio.length));
  noteAddress();
}

const dataChannel = new Channel();
let asked = "";

/** The data of the settings; what was answered last isn't asked again. */
export async function loadData(choice: DataChoice): Promise<DataSetAnswer | null> {
  const key = JSON.stringify(choice);
  if (key === asked && studio.data) return studio.data;
  const data = await dataChannel.ask<DataSetAnswer>("/api/dataset", { data: choice });
  if (!data) return null;
  asked = key;
  studio.data = data;
  return data;
}

let onafresh: () => void = () => undefined;

/** Called where a change makes another experiment. */
export function whenAnother(action: () => void): void {
  onafresh = action;
}

/**
 * What is trained. Each edit can be undone by going back. Other data, another network or loss begin afresh;
 * other settings of the learning wait until somebody goes on from here, or starts again.
 */
export function edit(change: Partial<Spec>, { afresh = false } = {}): void {
  const before = studio.spec;
  if (!before) return;
  const after = { ...before, ...change };
  if (later !== undefined && !studio.isOpening) replaceAddress();
  studio.spec = after;
  // A run that is on its way counts: going back to the settings of the shown one is a change too.
  const isNew = afresh || studio.status.kind === "failed" || isAnother(studio.coming ?? studio.runs[0]?.spec ?? before, after);
  studio.isPending = !isNew && JSON.stringify(after) !== JSON.stringify(studio.runs[0]?.spec);
  history.pushState(null, "", address());
  if (isNew) onafresh();
}

/** Other data, once the server has them, for the settings as they are by then; or the sentence that says why it hasn't. */
export async function changeData(change: (spec: Spec) => Spec): Promise<string | null> {
  const { catalog, spec: before } = studio;
  if (!catalog || !before) return null;
  try {
    const data = await loadData(change(before).data);
    if (data) edit(fitting(change(studio.spec ?? before), data, catalog));
    return null;
  } catch (error) {
    return message(error);
  }
}

function readAddress(): Place | null {
  const { catalog } = studio;
  if (!catalog) return null;
  const { place, problems } = readPlace(location.search + location.hash, catalog);
  studio.problems = problems;
  if (!place) return null;
  const { spec, preset, speed, neuron, sample, showTest, discretise } = place;
  Object.assign(studio, { spec, preset, speed, neuron, sample, showTest, discretise });
  return place;
}

/** Loads the catalogue; returns what the address asks for. */
export async function start(onback: (place: Place | null) => void): Promise<Place | null> {
  addEventListener("popstate", () => {
    clearTimeout(later);
    later = undefined;
    onback(readAddress());
  });
  try {
    studio.catalog = await new Channel().ask<TrainCatalog>("/api/catalog");
  } catch (error) {
    studio.status = { kind: "failed", message: message(error) };
    return null;
  }
  if (studio.catalog && !openingOf(studio.catalog)) studio.status = { kind: "failed", message: "The catalogue has no data to train on." };
  return readAddress();
}
