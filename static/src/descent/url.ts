/**
 * The state as a query, and back:
 * ?surface=rosenbrock&start=-1.2,1&run=adam,learning_rate:0.1,schedule:step,gamma:0.9&max=200&eg=1e-6&at=12&sel=2&view=-2,2,-1,3
 * ?preset=ravine is a preset, with whatever else the address changes.
 * Instead of surface: f=x1**2+x2**2 (a formula) or H=2,1,1,8 (the matrix of ½ xᵀHx, row by row).
 */
import { readLearning, writeLearning } from "../learning/address";
import { formatSetting } from "../model/format";
import { SPEEDS } from "../state/view";
import { openingOf, presetOf, setupOf } from "./presets";
import { keyOf, MOST_ITERATIONS, MOST_RUNS, surfaceOf, type Run, type Setup, type StopRule } from "./setup";
import type { DescentCatalog, DescentPreset, Point, Range, Surface, SurfaceChoice, Window } from "./types";

export type Picture = "flat" | "relief";

export interface Place {
  setup: Setup;
  /** The preset that was begun with; it is named in the address as long as the setup is its own. */
  preset: string | null;
  /** The playhead; null where the address doesn't say. */
  at: number | null;
  selected: number;
  speed: number;
  /** What the plot shows; null: the surface's own view. */
  window: Window | null;
  picture: Picture;
  /** The increment of a function of one variable; null: one that fits the window. */
  dx: number | null;
}

const OFF = "off";
const OWN = "own";
const FARTHEST = 1e6;
const join = (numbers: readonly number[]): string => numbers.map((each) => formatSetting(each)).join(",");

function writeSurface(choice: SurfaceChoice): [string, string] {
  if ("name" in choice) return ["surface", choice.name];
  return "matrix" in choice ? ["H", join(choice.matrix.flat())] : ["f", choice.expression];
}

/** To the digits that matter at its size: a small window far from 0 keeps its two ends apart. */
function roundedSide([from, to]: Range): number[] {
  const places = Math.max(0, Math.min(20, 5 - Math.floor(Math.log10(to - from))));
  return [from, to].map((each) => Number(each.toFixed(places)));
}

function setupPairs(setup: Setup, catalog: DescentCatalog): [string, string][] {
  const { stop } = setup;
  const epsilon = (value: number | null): string => (value === null ? OFF : formatSetting(value));
  const pairs: [string, string][] = [writeSurface(setup.surface), ["start", join(setup.start)]];
  for (const run of setup.runs) pairs.push(["run", writeLearning(run, catalog)]);
  if (setup.direction === "ascend") pairs.push(["dir", "ascend"]);
  pairs.push(["max", formatSetting(stop.most)], ["ef", epsilon(stop.valueChange)], ["eg", epsilon(stop.gradientNorm)]);
  if (stop.require === "both") pairs.push(["require", "both"]);
  return pairs;
}

export function writePlace({ setup, preset, at, selected, speed, window, picture, dx }: Place, catalog: DescentCatalog): string {
  const found = presetOf(setup, preset, catalog);
  const usual = found?.name === preset ? found : undefined;
  const pairs = usual ? [["preset", usual.name]] : setupPairs(setup, catalog);
  if (selected > 0) pairs.push(["sel", formatSetting(selected + 1)]);
  if (speed !== 1) pairs.push(["speed", formatSetting(speed)]);
  if (picture !== pictureOf(usual)) pairs.push(["show", picture]);
  if (window) pairs.push(["view", join(window.flatMap(roundedSide))]);
  else if (usual?.window) pairs.push(["view", OWN]);
  if (dx !== null) pairs.push(["dx", formatSetting(dx)]);
  if (at !== null) pairs.push(["at", formatSetting(Math.round(at * 100) / 100)]);
  const readable = (text: string): string => encodeURIComponent(text).replace(/%(2C|3A)/g, (code) => decodeURIComponent(code));
  return `?${pairs.map(([key = "", value = ""]) => `${key}=${readable(value)}`).join("&")}`;
}

function numberIn(text: string, minimum = -Infinity, maximum = Infinity): number | undefined {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) && value >= minimum && value <= maximum ? value : undefined;
}

function numbersIn(text: string, count: number): number[] | undefined {
  const numbers = text.split(",").map((each) => numberIn(each, -FARTHEST, FARTHEST));
  return numbers.length === count && numbers.every((each) => each !== undefined) ? numbers : undefined;
}

/** One or two rows of a symmetric matrix. */
function matrixIn(text: string): number[][] | undefined {
  const count = text.split(",").length;
  const [a = 0, b = 0, c = 0, d = 0] = numbersIn(text, count === 1 ? 1 : 4) ?? [NaN];
  if (Number.isNaN(a) || b !== c) return undefined;
  return count === 1 ? [[a]] : [[a, b], [c, d]];
}

function windowIn(text: string, dimension: number): Window | undefined {
  const ends = numbersIn(text, 2 * dimension) ?? [];
  const sides = Array.from({ length: dimension }, (_, i): Range => [ends[2 * i] ?? 0, ends[2 * i + 1] ?? 0]);
  return sides.every(([from, to]) => from < to) ? sides : undefined;
}

const leftOut = (key: string, text: string, expected: string): string =>
  `“${key}=${text.slice(0, 40)}” in the address isn't ${expected}, so it was left out.`;

const pictureOf = (preset: DescentPreset | undefined): Picture => (preset?.view === "relief" ? "relief" : "flat");

const presetIn = (query: URLSearchParams, catalog: DescentCatalog): DescentPreset | undefined =>
  catalog.descent_presets.find(({ name }) => name === query.get("preset"));

/** The surface that an address asks for, which others than the catalogue's have to be asked of the server; null: none, or none that there is. */
export function readSurface(search: string, catalog: DescentCatalog): { choice: SurfaceChoice | null; problem: string | null } {
  const query = new URLSearchParams(search);
  const [expression, matrix, name] = [query.get("f"), query.get("H"), query.get("surface")];
  const preset = presetIn(query, catalog);
  if (expression !== null) return { choice: { expression }, problem: null };
  if (matrix !== null) {
    const rows = matrixIn(matrix);
    return rows ? { choice: { matrix: rows }, problem: null } : { choice: null, problem: leftOut("H", matrix, "a symmetric matrix: a,b,b,c") };
  }
  if (name === null) return { choice: preset?.surface ?? null, problem: null };
  if (surfaceOf(catalog, name)) return { choice: { name }, problem: null };
  return { choice: null, problem: leftOut("surface", name, "a surface that there is") };
}

/** The rest of an address; `found` is the surface that it names. Without one, the first preset's. */
export function readPlace(search: string, catalog: DescentCatalog, found: { choice: SurfaceChoice; surface: Surface } | null): { place: Place | null; problems: string[] } {
  const query = new URLSearchParams(search);
  const problems: string[] = [];
  const preset = presetIn(query, catalog);
  const opening = preset ?? openingOf(catalog);
  if (!opening) return { place: null, problems: ["The catalogue has no surface to descend."] };
  const first = setupOf(opening, catalog);

  function read<T>(key: string, parse: (text: string) => T | undefined, otherwise: T, expected: string): T {
    const text = query.get(key);
    if (text === null) return otherwise;
    const value = parse(text);
    if (value === undefined) problems.push(leftOut(key, text, expected));
    return value ?? otherwise;
  }
  const epsilon = (text: string): { size: number | null } | undefined => {
    if (text === OFF) return { size: null };
    const size = numberIn(text, Number.MIN_VALUE);
    return size === undefined ? undefined : { size };
  };

  if (!preset) read("preset", () => undefined, null, "a preset that there is");
  const isOther = found !== null && keyOf(found.choice) !== keyOf(first.surface);
  const usualStart: Point = isOther ? found.surface.start : first.start;
  const dimension = usualStart.length;
  const start = read("start", (text) => numbersIn(text, dimension), usualStart, `${dimension === 1 ? "a number" : "two numbers"} from -1e6 to 1e6`);
  const runs: Run[] = [];
  for (const text of query.getAll("run")) {
    const run = readLearning(text, catalog);
    if (!run) problems.push(leftOut("run", text, "an optimizer with its numbers"));
    else if (runs.length < MOST_RUNS) runs.push(run);
    else problems.push(`There can be ${formatSetting(MOST_RUNS)} runs at most; the others were left out.`);
  }
  const stop: StopRule = {
    most: read("max", (text) => wholeIn(text, 1, mostIterations(catalog)), first.stop.most, "a number of iterations that is allowed"),
    valueChange: read("ef", epsilon, { size: first.stop.valueChange }, "a number above 0, or “off”").size,
    gradientNorm: read("eg", epsilon, { size: first.stop.gradientNorm }, "a number above 0, or “off”").size,
    require: read("require", (text) => (text === "both" || text === "either" ? text : undefined), first.stop.require, "“either” or “both”"),
  };
  const setup: Setup = {
    surface: found?.choice ?? first.surface,
    start,
    runs: runs.length > 0 ? runs : first.runs,
    direction: read("dir", (text) => (text === "ascend" || text === "descend" ? text : undefined), preset?.direction ?? "descend", "“descend” or “ascend”"),
    stop,
  };
  const view = (text: string): { window: Window | null } | undefined => {
    const window = text === OWN ? null : windowIn(text, dimension);
    return window === undefined ? undefined : { window };
  };
  const place: Place = {
    setup,
    preset: opening.name,
    at: read("at", (text) => numberIn(text, 0), preset?.at ?? null, "a number of at least 0"),
    selected: read("sel", (text) => wholeIn(text, 1, setup.runs.length), 1, "the number of a run") - 1,
    speed: read("speed", (text) => SPEEDS.find((each) => formatSetting(each) === text), 1, "a speed that there is"),
    window: read("view", view, { window: (isOther ? null : preset?.window) ?? null }, dimension === 1 ? "a window: from, to" : "a window: x₁ from, to, x₂ from, to").window,
    picture: read<Picture>("show", (text) => (text === "relief" || text === "flat" ? text : undefined), pictureOf(preset), "“flat” or “relief”"),
    dx: read<number | null>("dx", (text) => numberIn(text, -FARTHEST, FARTHEST), null, "a number from -1e6 to 1e6"),
  };
  return { place, problems };
}

function wholeIn(text: string, minimum: number, maximum: number): number | undefined {
  const value = numberIn(text, minimum, maximum);
  return value !== undefined && Number.isInteger(value) ? value : undefined;
}

export const mostIterations = ({ limits }: DescentCatalog): number => Math.min(MOST_ITERATIONS, limits["path_iterations"] ?? MOST_ITERATIONS);
