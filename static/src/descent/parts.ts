/** What a step is made of, out of the recorded quantities: the pull of the gradient, and what momentum carries on. */
import type { Point, Quantities } from "./types";

export interface Part {
  label: string;
  kind: "gradient" | "momentum" | "direction";
  /** In the surface's own units; of a direction only where it points. */
  vector: Point;
}

/** The ids that a step of this equation reads, or null where the method has none. */
function operandsOf({ steps }: Quantities, equation: string): Readonly<Record<string, string>> | null {
  return steps.find((step) => step.equation === equation)?.operands ?? null;
}

/** A quantity at one step: a list of numbers, one alone for a scalar; null where it isn't recorded. */
function valueAt({ columns, constants }: Quantities, id: string | undefined, k: number): Point | null {
  if (id === undefined) return null;
  const entry = columns[id]?.[k] ?? constants[id];
  return entry === undefined ? null : typeof entry === "number" ? [entry] : entry;
}

const scaled = (vector: Point, ...factors: number[]): Point => vector.map((each) => factors.reduce((product, factor) => product * factor, each));

function momentumParts(found: Quantities, k: number): Part[] {
  const velocity = operandsOf(found, "momentum.velocity");
  const nesterov = operandsOf(found, "nesterov");
  const step = nesterov ?? operandsOf(found, "gradient_descent");
  const gradient = valueAt(found, velocity?.["dtheta"], k);
  const before = valueAt(found, nesterov ? nesterov["v"] : velocity?.["v"], k);
  const [[eta] = [], [mu] = [], [share] = []] = [step?.["eta"], velocity?.["mu"], velocity?.["share"]].map((id) => valueAt(found, id, k) ?? []);
  if (!gradient || !before || eta === undefined || mu === undefined || share === undefined) return [];
  return [
    { label: "−ημv", kind: "momentum", vector: scaled(before, -eta, mu) },
    { label: nesterov || share === 1 ? "−ηg" : "−η(1−τ)g", kind: "gradient", vector: scaled(gradient, -eta, nesterov ? 1 : share) },
  ];
}

/** Adam's averaged gradient: its step is another length in each variable. */
function averageParts(found: Quantities, k: number): Part[] {
  const step = operandsOf(found, "adaptive_step");
  const average = step?.["dtheta"]?.startsWith("m_hat") ? valueAt(found, step["dtheta"], k) : null;
  return average ? [{ label: "−m̂", kind: "direction", vector: scaled(average, -1) }] : [];
}

/** The parts of the step from point k, head to tail; none where the method's step is one piece. */
export function partsOf(found: Quantities, k: number): Part[] {
  return [...momentumParts(found, k), ...averageParts(found, k)];
}
