/** One training: what was recorded of it, in the order it came. */
import { requestOf, type Origin, type Spec } from "./spec";
import type { DataSetAnswer, Ended, Row, RunStatus, Snapshot, Started, TrainEvent, TrainRequest } from "./types";

/** So many moments are enough to look back at; large networks get fewer, since each moment is a whole network. */
const MOMENTS = { most: 240, least: 40, numbers: 600_000 };

/** How much further: so many epochs in all, or only up to a step; and how many steps lie between two moments. */
export interface Part {
  epochs?: number;
  steps?: number | null;
  every?: number;
}

export class TrainRun {
  readonly letter: string;
  readonly spec: Spec;
  readonly data: DataSetAnswer;
  readonly branchedFrom: { letter: string; step: number } | null;
  /** How a branch is made again. */
  readonly origin: Origin | null;
  rows = $state.raw<readonly Row[]>([]);
  snapshots = $state.raw<readonly Snapshot[]>([]);
  start = $state.raw<Started | null>(null);
  end = $state.raw<Ended | null>(null);
  status = $state<RunStatus>("paused");
  /** The newest moment, where only the clock asked for it: the next one takes its place. */
  #passing: Snapshot | null = null;
  #every = 1;
  /** Why it failed. */
  problem = $state<string | null>(null);

  constructor(letter: string, spec: Spec, data: DataSetAnswer, branch: { from: TrainRun; snapshot: Snapshot; row: Row | null } | null = null) {
    this.letter = letter;
    this.spec = spec;
    this.data = data;
    this.branchedFrom = branch && { letter: branch.from.letter, step: branch.snapshot.step };
    this.origin = branch && { spec: branch.from.spec, step: branch.snapshot.step, origin: branch.from.origin };
    if (branch) this.snapshots = [branch.snapshot];
    if (branch?.row) this.rows = [branch.row];
  }

  /** The newest recorded step; −1: none yet. */
  get step(): number {
    return this.snapshots.at(-1)?.step ?? -1;
  }

  /** Steps of one epoch. */
  get perEpoch(): number {
    return perEpochOf(this.spec, this.data);
  }

  /** Epochs that were begun: more than were planned, where somebody trained on. */
  get epochs(): number {
    return Math.ceil(Math.max(0, this.step) / this.perEpoch);
  }

  /** The body that goes on from the newest moment. */
  request({ epochs = this.spec.epochs, steps = null, every = everyOf(this.spec, this.data) }: Part = {}): TrainRequest {
    const body = requestOf(this.spec, this.data, { from: this.snapshots.at(-1) ?? null, epochs });
    this.#every = every;
    return { ...body, steps, rows_every: every, snapshots_every: every, live: true };
  }

  /** The newest moment stays, since somebody looks at it. */
  keep(): void {
    this.#passing = null;
  }

  /** Takes what has come. The moment that a stream goes on from is told again by it, and not kept twice. */
  take(events: readonly TrainEvent[]): void {
    const rows = events.flatMap((event) => (event.kind === "row" ? [event.data] : []));
    const snapshots = events.flatMap((event) => (event.kind === "snapshot" ? [event.data] : []));
    if (rows.length > 0) this.rows = appended(this.rows, rows);
    if (snapshots.length > 0) this.#record(snapshots);
    for (const event of events) {
      if (event.kind === "start") this.start = event.data;
      if (event.kind === "end") this.end = event.data;
    }
    if (this.end) this.keep();
  }

  /** A run of any length is followed at the clock's rhythm, and keeps as many moments as can be looked back at. */
  #record(snapshots: readonly Snapshot[]): void {
    const known = this.snapshots.at(-1) === this.#passing ? this.snapshots.slice(0, -1) : this.snapshots;
    const isLasting = ({ step }: Snapshot, i: number): boolean => step % this.#every === 0 || i === snapshots.length - 1;
    this.snapshots = appended(known, snapshots.filter(isLasting));
    const newest = this.snapshots.at(-1);
    this.#passing = newest && newest.step % this.#every !== 0 ? newest : null;
  }
}

function appended<T extends { step: number }>(known: readonly T[], more: readonly T[]): readonly T[] {
  const last = known.at(-1)?.step ?? -1;
  const rest = more.filter(({ step }) => step > last);
  return rest.length > 0 ? [...known, ...rest] : known;
}

function perEpochOf({ batch }: Spec, data: DataSetAnswer): number {
  const samples = data.train.length;
  return Math.ceil(samples / Math.min(batch ?? samples, samples));
}

/** How many steps lie between two recorded moments. */
function everyOf(spec: Spec, data: DataSetAnswer): number {
  const sizes = [data.features.length, ...spec.hidden.map(({ units }) => units), data.Y[0]?.length ?? 1];
  const parameters = sizes.slice(1).reduce((sum, size, i) => sum + size * ((sizes[i] ?? 0) + 1), 0);
  const moments = Math.max(MOMENTS.least, Math.min(MOMENTS.most, Math.round(MOMENTS.numbers / parameters)));
  return Math.max(1, Math.round((spec.epochs * perEpochOf(spec, data)) / moments));
}

/** The index of the last entry that isn't after `step`; −1: there is none. */
export function indexAt(entries: readonly { step: number }[], step: number): number {
  let [low, high] = [-1, entries.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if ((entries[middle]?.step ?? Infinity) <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}
