/** What the curves draw: which column of a row, and how its line is written. */
import { thinned } from "../descent/scales";
import { indexAt, type TrainRun } from "./run.svelte";
import type { Row } from "./types";

export interface Line {
  run: number;
  name: string;
  dash: string;
  points: readonly (readonly [number, number | null])[];
  /** Its number at a step, of the newest row by then. */
  at(step: number): number | null;
}

export interface Chart {
  id: string;
  title: string;
  words: string;
  isLog: boolean;
  lines: readonly Line[];
}

type Column = (row: Row) => number | null;

const MOST = 600;
const TEST_DASH = "5 3";
/** Layers are told apart by their dashes, since colours tell runs apart. */
export const LAYER_DASHES = ["", "7 3", "2 3", "9 3 2 3", "14 4", "4 2", "1 2", "9 2 2 2 2 2"];

function lineOf(run: TrainRun, place: number, name: string, dash: string, column: Column): Line {
  const points = thinned(run.rows.length, MOST).map((i): [number, number | null] => {
    const row = run.rows[i];
    return [row?.step ?? 0, row ? column(row) : null];
  });
  const at = (step: number): number | null => {
    const row = run.rows[indexAt(run.rows, step)];
    return row ? column(row) : null;
  };
  return { run: place, name, dash, points, at };
}

const hasTest = ({ data }: TrainRun): boolean => data.test.length > 0;

function pair(runs: readonly TrainRun[], train: Column, test: Column, showTest: boolean): Line[] {
  return runs.flatMap((run, i) => [
    lineOf(run, i, "training", "", train),
    ...(showTest && hasTest(run) ? [lineOf(run, i, "test", TEST_DASH, test)] : []),
  ]);
}

function perLayer(run: TrainRun, place: number, column: (row: Row) => readonly number[]): Line[] {
  const count = run.rows[0] ? column(run.rows[0]).length : 0;
  return Array.from({ length: count }, (_, layer) =>
    lineOf(run, place, `layer ${String(layer + 1)}`, LAYER_DASHES[layer % LAYER_DASHES.length] ?? "", (row) => column(row)[layer] ?? null));
}

/** Loss and accuracy of all runs; gradient norms, and where there are any saturated and dead units, of the selected one. */
export function chartsOf(runs: readonly TrainRun[], selected: number, showTest: boolean): Chart[] {
  const run = runs[selected];
  if (!run) return [];
  const classifying = runs.flatMap(({ data }, i) => (data.task === "classification" ? [i] : []));
  const charts: Chart[] = [{ id: "loss", title: "L", words: "loss", isLog: true, lines: pair(runs, (row) => row.loss, (row) => row.test_loss, showTest) }];
  if (classifying.length > 0) charts.push({ id: "accuracy", title: "Accuracy", words: "share that is right", isLog: false, lines: pair(runs, (row) => row.accuracy, (row) => row.test_accuracy, showTest).filter((line) => classifying.includes(line.run)) });
  charts.push({ id: "gradient", title: "‖∇L‖", words: "gradient, by layer", isLog: true, lines: perLayer(run, selected, (row) => row.gradient_norm) });
  for (const { id, words, column } of UNIT_SHARES) {
    if (run.rows.some((row) => column(row).some((share) => share > 0))) charts.push({ id, title: words, words: "share of the units, by layer", isLog: false, lines: perLayer(run, selected, column) });
  }
  return charts;
}

const UNIT_SHARES = [
  { id: "saturated", words: "Saturated", column: (row: Row): readonly number[] => row.saturated },
  { id: "dead", words: "Dead", column: (row: Row): readonly number[] => row.dead },
] as const;

/** What has no curve, since it was 0 all along. */
export function remarkOf(run: TrainRun): string {
  if (run.spec.hidden.length === 0) return "";
  const never = UNIT_SHARES.filter(({ column }) => !run.rows.some((row) => column(row).some((share) => share > 0))).map(({ words }) => words.toLowerCase());
  return never.length > 0 ? `No hidden unit was ${never.join(" or ")} so far.` : "";
}

/** Up to where the axis goes: all planned steps, or those that were taken. */
export function lastStep(runs: readonly TrainRun[]): number {
  return Math.max(1, ...runs.map((run) => (run.status === "running" ? Math.max(run.start?.steps ?? 0, run.step) : run.step)));
}

/** The part of a line up to a step. */
export function until(points: Line["points"], step: number): Line["points"] {
  return points.slice(0, 1 + indexAt(points.map(([at]) => ({ step: at })), step));
}
