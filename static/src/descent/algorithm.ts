/** The running algorithm as pseudo-code: the recorded program's steps, with the numbers of one iteration. */
import { writeOut, writingOf, type Token } from "../model/cell";
import { sizeOf, type Tensor, type Trace } from "../model/trace";
import type { StopRule } from "./setup";
import type { Path, Quantities } from "./types";

export type Line =
  | { kind: "start" | "loop" | "next" }
  | { kind: "stop"; latex: string }
  /** A step of the program; `each`: the one that moves the point, said again for every component. */
  | { kind: "step" | "each"; step: number; latex: string; title: string }
  | { kind: "component"; step: number; cell: number };

/** Lines at which the algorithm can stand; the others only frame them. */
const STATIONS: ReadonlySet<Line["kind"]> = new Set(["step", "stop", "component", "next"]);
const MOVED = "theta@1";

/** The loop's test: ε₁, ε₂ or both. */
export function stopLatex({ valueChange, gradientNorm, require }: StopRule): string {
  const change = valueChange === null ? [] : ["|f(\\theta^{k}) - f(\\theta^{k-1})| < \\varepsilon_1"];
  const norm = gradientNorm === null ? [] : ["\\|\\nabla f(\\theta^{k})\\| < \\varepsilon_2"];
  const tests = [...change, ...norm];
  return tests.length === 0 ? "k = k_{\\max}" : tests.join(require === "both" ? "\\text{ and }" : "\\text{ or }");
}

/** What the program reads of the surface comes before the test, what it does with it after. */
export function linesOf({ steps, lines, tensors }: Quantities, stop: StopRule): Line[] {
  const named = (step: number, kind: "step" | "each"): Line => ({ kind, step, latex: lines[step]?.latex ?? "", title: lines[step]?.title ?? "" });
  const places = steps.map((step, place) => ({ ...step, place }));
  const asked = places.filter(({ phase }) => phase !== "update");
  const done = places.filter(({ phase, result }) => phase === "update" && result !== MOVED);
  const moves = steps.findIndex(({ result }) => result === MOVED);
  const cells = Array.from({ length: sizeOf(tensors[MOVED]?.shape ?? []) }, (_, cell) => cell);
  return [
    { kind: "start" },
    { kind: "loop" },
    ...asked.map(({ place }) => named(place, "step")),
    { kind: "stop", latex: stopLatex(stop) },
    ...done.map(({ place }) => named(place, "step")),
    named(moves, "each"),
    ...cells.map((cell): Line => ({ kind: "component", step: moves, cell })),
    { kind: "next" },
  ];
}

export const stationsOf = (lines: readonly Line[]): number[] => lines.flatMap(({ kind }, i) => (STATIONS.has(kind) ? [i] : []));

/** Which of so many stations stands at the playhead: an iteration is shared out among them. */
export const stationAt = (at: number, count: number): number => Math.min(count - 1, Math.floor((at - Math.floor(at)) * count));

/** The playhead of a station: in its middle, so that rounding an address doesn't leave it; the first is the iteration itself. */
export const placeOf = (k: number, station: number, count: number): number => (station === 0 ? k : k + (station + 0.5) / count);

/** The numbers of one tensor in iteration k: the path's own where it has them, so that the last point has its value too. */
export function numbersOf(id: string, k: number, { columns, constants }: Quantities, path: Path): readonly (number | null)[] {
  if (id === "theta@0") return path.theta[k] ?? [];
  if (id === "L@0") return [path.value[k] ?? null];
  if (id === "dtheta@0") return path.gradient[k] ?? [];
  if (constants[id]) return constants[id];
  const entry = columns[id]?.[k];
  return entry === undefined ? [] : Array.isArray(entry) ? entry : [entry];
}

/** The trace of one iteration, put together from the columns. */
function traceAt(k: number, quantities: Quantities, path: Path): Trace {
  const { tensors, equations, steps } = quantities;
  const filled = Object.entries(tensors).map(([id, head]): [string, Tensor] => [id, { ...head, data: numbersOf(id, k, quantities, path) }]);
  return { outcome: "complete", diverged: null, equations, steps, tensors: Object.fromEntries(filled) };
}

/** One cell of a step of iteration k, written out with its numbers. */
export function writtenAt(k: number, step: number, cell: number, quantities: Quantities, path: Path): Token[] {
  const found = quantities.steps[step];
  const writing = found && writingOf(traceAt(k, quantities, path), found, cell);
  return writing ? writeOut(writing) : [];
}
