/** The one state of the page. `edit` and `look` change it, and keep the address and the picture in step with it. */
import { ApiError, Channel } from "../api/client";
import { fitWindow, grown } from "./scales";
import { keyOf, requestOf, surfaceOf, variablesOf, type Run, type Setup } from "./setup";
import type { Curvature, DescentCatalog, DescribedSurface, Field, Path, Point, Quantities, Range, Surface, SurfaceChoice, Window } from "./types";
import { readPlace, readSurface, writePlace, type Picture } from "./url";

export type Status = { kind: "loading"; isSlow: boolean } | { kind: "ready" } | { kind: "failed"; message: string };

/** What the picture shows: it stays until the next answer. */
interface Drawn {
  setup: Setup;
  paths: readonly Path[];
}

const WRITE_EVERY = 400;
const CELL = 5;
const MARGIN = 0.15;

class Lab {
  catalog = $state.raw<DescentCatalog | null>(null);
  setup = $state.raw<Setup | null>(null);
  /** The preset that was begun with. */
  preset = $state<string | null>(null);
  drawn = $state.raw<Drawn | null>(null);
  field = $state.raw<{ surface: string; field: Field } | null>(null);
  curvature = $state.raw<{ surface: string; at: Point; found: Curvature } | null>(null);
  /** Every quantity of one run's steps. */
  recorded = $state.raw<{ request: string; quantities: Quantities } | null>(null);
  /** Surfaces that the server was asked about, by their key. */
  described = $state.raw<Readonly<Record<string, DescribedSurface>>>({});
  /** What the plot shows; null: the surface's own view. */
  window = $state.raw<Window | null>(null);
  /** Of the plot, in pixels. */
  size = $state.raw<{ width: number; height: number } | null>(null);
  at = $state(0);
  speed = $state(1);
  selected = $state(0);
  isPlaying = $state(false);
  status = $state.raw<Status>({ kind: "loading", isSlow: false });
  problems = $state.raw<readonly string[]>([]);
  picture = $state<Picture>("flat");
  /** The increment Δx of a function of one variable; null: one that fits the window. */
  dx = $state<number | null>(null);

  /** Iterations of the longest run. */
  length = $derived(Math.max(0, ...(this.drawn?.paths.map(({ iterations }) => iterations) ?? [])));
  k = $derived(Math.floor(this.at));
  /** The key of the surface, for answers that belong to it. */
  key = $derived(this.setup ? keyOf(this.setup.surface) : "");
  surface = $derived<Surface | null>(knownSurface(this.catalog, this.described, this.setup?.surface ?? null));
  dimension = $derived(this.surface?.dimension ?? 2);
  variables = $derived(variablesOf(this.dimension));
  path = $derived(this.drawn?.paths[this.selected] ?? null);
  run = $derived(this.drawn?.setup.runs[this.selected] ?? null);
  /** What asks for the selected run's path. */
  request = $derived(this.drawn && this.run ? JSON.stringify(requestOf(this.drawn.setup, this.run)) : "");
  /** The recorded quantities of the selected run, once they are here. */
  quantities = $derived(this.recorded?.request === this.request ? this.recorded.quantities : null);
  isStale = $derived(this.drawn !== null && this.drawn.setup !== this.setup);
  /** The window in the proportions of the plot. */
  shown = $derived.by((): Window | null => {
    const view = this.window ?? this.surface?.view.map(([from = -1, to = 1]): Range => [from, to]);
    return view && this.size ? fitWindow(view, this.size.width, this.size.height) : null;
  });
}

function knownSurface(catalog: DescentCatalog | null, described: Readonly<Record<string, DescribedSurface>>, choice: SurfaceChoice | null): Surface | null {
  if (!catalog || !choice) return null;
  return ("name" in choice ? surfaceOf(catalog, choice.name) : described[keyOf(choice)]) ?? null;
}

export const lab = new Lab();

const message = (error: unknown): string => (error instanceof ApiError ? error.message : String(error));
let written = 0;
let later: ReturnType<typeof setTimeout> | undefined;

/** While a drag goes on, the address keeps what was before it. */
let isPassing = false;

function address(setup = lab.setup): string {
  const { catalog, preset, at, selected, speed, window, picture, dx } = lab;
  return catalog && setup ? writePlace({ setup, preset, at, selected, speed, window, picture, dx }, catalog) : location.href;
}

function replaceAddress(setup = lab.setup): void {
  written = performance.now();
  clearTimeout(later);
  later = undefined;
  if (!isPassing) history.replaceState(null, "", address(setup));
}

/** A few times a second at most: browsers allow no more. */
function noteAddress(): void {
  const wait = WRITE_EVERY - (performance.now() - written);
  if (wait <= 0) replaceAddress();
  else later ??= setTimeout(() => { replaceAddress(); }, wait);
}

/** How it is looked at: goes into the address, not into the history. */
export function look(change: Partial<Pick<Lab, "at" | "window" | "selected" | "speed" | "picture" | "dx">>): void {
  if (change.at !== undefined) lab.at = Math.max(0, Math.min(change.at, lab.length));
  if (change.window !== undefined) lab.window = change.window;
  if (change.selected !== undefined) lab.selected = change.selected;
  if (change.speed !== undefined) lab.speed = change.speed;
  if (change.picture !== undefined) lab.picture = change.picture;
  if (change.dx !== undefined) lab.dx = change.dx;
  noteAddress();
}

/** What is computed. Each edit can be undone by going back, but for the passing ones of a drag on its way. */
export function edit(change: Partial<Setup>, { passing = false, at = lab.at }: { passing?: boolean; at?: number } = {}): void {
  const before = lab.setup;
  if (!before) return;
  if (later !== undefined) replaceAddress(before);
  lab.setup = { ...before, ...change };
  lab.selected = Math.min(lab.selected, lab.setup.runs.length - 1);
  if (keyOf(lab.setup.surface) !== keyOf(before.surface)) lab.window = null;
  lab.at = at;
  isPassing = passing;
  if (!passing) history.pushState(null, "", address());
  void fetchPaths(passing);
}

export function editRun(place: number, run: Run): void {
  if (lab.setup) edit({ runs: lab.setup.runs.map((each, i) => (i === place ? run : each)) });
}

const channels = Array.from({ length: 8 }, () => new Channel());
let answers: Readonly<Record<string, Path>> = {};
let round = 0;
let isBusy = false;
let isWanted = false;

/** All runs of the setup; those that were asked for before aren't asked for again. While a drag goes on, one round at a time. */
export async function fetchPaths(isPatient = false): Promise<void> {
  const { setup } = lab;
  if (!setup) return;
  if (isPatient && isBusy) {
    isWanted = true;
    return;
  }
  const mine = ++round;
  isBusy = true;
  isWanted = false;
  if (lab.status.kind !== "failed") lab.status = { kind: "loading", isSlow: false };
  const onslow = (): void => { lab.status = { kind: "loading", isSlow: true }; };
  const keys = setup.runs.map((run) => JSON.stringify(requestOf(setup, run)));
  try {
    const paths = await Promise.all(
      setup.runs.map((run, i) => answers[keys[i] ?? ""] ?? channels[i]?.ask<Path>("/api/descent", requestOf(setup, run), onslow) ?? null),
    );
    if (mine !== round) return;
    const found = paths.filter((path) => path !== null);
    if (found.length < setup.runs.length) return;
    answers = Object.fromEntries(found.map((path, i) => [keys[i] ?? "", path]));
    lab.drawn = { setup, paths: found };
    lab.at = Math.min(lab.at, lab.length);
    lab.status = { kind: "ready" };
  } catch (error) {
    if (mine === round) lab.status = { kind: "failed", message: message(error) };
  } finally {
    if (mine === round) isBusy = false;
  }
  if (mine === round && isWanted) void fetchPaths(true);
}

const surfaceChannel = new Channel();

/**
 * A surface with its derivatives; what was asked before isn't asked again. null where a newer question came first.
 * Raises ApiError, with the place of the fault in a formula.
 */
export async function describe(choice: SurfaceChoice): Promise<DescribedSurface | null> {
  const key = keyOf(choice);
  const known = lab.described[key];
  if (known) return known;
  const found = await surfaceChannel.ask<DescribedSurface>("/api/surface", { surface: choice });
  if (found) lab.described = { ...lab.described, [key]: found };
  return found;
}

const quantitiesChannel = new Channel();

/** Every quantity of a run's steps. Where they are too many, or can't be had, the page does without. */
export async function fetchQuantities(request: string): Promise<void> {
  try {
    const body = { ...(JSON.parse(request) as object), quantities: true };
    const path = await quantitiesChannel.ask<Path>("/api/descent", body);
    if (path?.quantities) lab.recorded = { request, quantities: path.quantities };
  } catch {
    lab.recorded = null;
  }
}

const fieldChannel = new Channel();

/** Samples the surface over the window that is shown, and a little around it. */
export async function fetchField(surface: SurfaceChoice, window: Window, { width, height }: { width: number; height: number }): Promise<void> {
  const count = (length: number): number => Math.max(30, Math.min(240, Math.round((length * (1 + 2 * MARGIN)) / CELL)));
  const shape = window.length === 1 ? [Math.round(width)] : [count(height), count(width)];
  try {
    const field = await fieldChannel.ask<Field>("/api/field", { surface, view: grown(window, MARGIN), shape });
    if (!field) return;
    lab.field = { surface: keyOf(surface), field };
    if (lab.status.kind === "failed" && lab.drawn && !lab.isStale) lab.status = { kind: "ready" };
  } catch (error) {
    lab.status = { kind: "failed", message: message(error) };
  }
}

const curvatureChannel = new Channel();

/** How the surface bends at a point. Where the server can't say, the page does without. */
export async function fetchCurvature(surface: SurfaceChoice, at: Point): Promise<void> {
  try {
    const found = await curvatureChannel.ask<Curvature>("/api/curvature", { surface, at });
    if (found) lab.curvature = { surface: keyOf(surface), at, found };
  } catch {
    lab.curvature = null;
  }
}

const pointChannel = new Channel();

/** Value, gradient and curvature at a point, or null where they aren't known. */
export async function readPoint(surface: SurfaceChoice, at: Point): Promise<Curvature | null> {
  try {
    return await pointChannel.ask<Curvature>("/api/curvature", { surface, at });
  } catch {
    return null;
  }
}

/** The surface of an address; one that the server refuses is left out with its sentence. */
async function surfaceIn(search: string, catalog: DescentCatalog): Promise<{ found: { choice: SurfaceChoice; surface: Surface } | null; problems: string[] }> {
  const { choice, problem } = readSurface(search, catalog);
  if (!choice) return { found: null, problems: problem ? [problem] : [] };
  const known = knownSurface(catalog, lab.described, choice);
  if (known) return { found: { choice, surface: known }, problems: [] };
  try {
    const surface = await describe(choice);
    return { found: surface && { choice, surface }, problems: [] };
  } catch (error) {
    return { found: null, problems: [`The surface in the address was left out. ${message(error)}`] };
  }
}

async function readAddress(): Promise<number | null> {
  const { catalog } = lab;
  if (!catalog) return null;
  const { search } = location;
  const { found, problems } = await surfaceIn(search, catalog);
  if (search !== location.search) return null;
  const { place, problems: others } = readPlace(search, catalog, found);
  lab.problems = [...problems, ...others];
  if (!place) return null;
  lab.setup = place.setup;
  lab.preset = place.preset;
  lab.window = place.window;
  lab.selected = place.selected;
  lab.speed = place.speed;
  lab.picture = place.picture;
  lab.dx = place.dx;
  lab.at = place.at ?? 0;
  return place.at;
}

/** Loads the catalogue and the first paths; returns the playhead that the address asks for. */
export async function start(): Promise<number | null> {
  addEventListener("popstate", () => {
    clearTimeout(later);
    later = undefined;
    lab.isPlaying = false;
    void readAddress().then(() => fetchPaths());
  });
  try {
    lab.catalog = await new Channel().ask<DescentCatalog>("/api/catalog");
  } catch (error) {
    lab.status = { kind: "failed", message: message(error) };
    return null;
  }
  const at = await readAddress();
  await fetchPaths();
  return at;
}
