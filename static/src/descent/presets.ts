/** Where to begin: each with a sentence on what to watch. */
import { runOf, surfaceOf, type Direction, type Setup } from "./setup";
import type { DescentCatalog, Point } from "./types";

type Numbers = Readonly<Record<string, number>>;

export interface Preset {
  name: string;
  title: string;
  watch: string;
  surface: string;
  start?: Point;
  runs: readonly (readonly [method: string, numbers?: Numbers])[];
  direction?: Direction;
  most?: number;
}

const lecture = (name: string, title: string, rate: number, watch: string, most = 200): Preset => ({
  name, title, watch, most, surface: "lecture_quadratic", runs: [["gradient_descent", { learning_rate: rate }]],
});

export const PRESETS: readonly Preset[] = [
  lecture("calm", "η = 0.1: a calm descent", 0.1, "The first step already loses nine tenths of the height; then the path creeps along the flat direction."),
  lecture("best", "η = 0.2: the best fixed step", 0.2, "Along both eigen-directions the error shrinks equally fast. Each step multiplies f by exactly 0.4, so 38 steps do it."),
  lecture("zigzag", "η = 0.24: zig-zag", 0.24, "Each step jumps over the valley to its other side. Just below the stable limit it still arrives, very late.", 500),
  lecture("diverging", "η = 0.25: diverges slowly", 0.25, "Past the stable limit 0.24503 the jumps soon land a little higher each time. Find the run's η in the red part of the bar.", 500),
  {
    name: "ravine", title: "A ravine, three ways", surface: "rosenbrock", most: 500,
    watch: "Gradient descent falls into the ravine and nearly stops; momentum and Adam carry on along its floor.",
    runs: [["gradient_descent", { learning_rate: 0.001 }], ["momentum", { learning_rate: 0.0005 }], ["adam", { learning_rate: 0.1 }]],
  },
  {
    name: "saddle", title: "A saddle, a long wait", surface: "saddle", most: 60,
    watch: "The path is drawn to the saddle, where the gradient is nearly 0, and leaves it sideways after a long wait.",
    runs: [["gradient_descent", { learning_rate: 0.1 }], ["momentum", { learning_rate: 0.05 }]],
  },
  {
    name: "climb", title: "Climbing the bump", surface: "bump", direction: "ascend", most: 200,
    watch: "Ascent follows the gradient instead of going against it. Far out the ground is flat, so the first steps are short.",
    runs: [["gradient_descent", { learning_rate: 0.3 }]],
  },
];

export function setupOf(preset: Preset, catalog: DescentCatalog): Setup | null {
  const surface = surfaceOf(catalog, preset.surface);
  if (!surface) return null;
  return {
    surface: { name: surface.name },
    start: preset.start ?? surface.start,
    runs: preset.runs.map(([method, numbers]) => runOf(catalog, method, numbers)),
    direction: preset.direction ?? "descend",
    stop: { most: preset.most ?? 200, valueChange: null, gradientNorm: 1e-6, require: "either" },
  };
}
