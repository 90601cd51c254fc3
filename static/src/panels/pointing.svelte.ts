/** What is pointed at and what lights up, worked out once for all panels. */
import { tick } from "svelte";
import { hasSheets, sheets } from "../shell/sheets.svelte";
import { store, update, type Focus } from "../state/store.svelte";
import { MOST_PINS, NOTHING_FOLLOWED } from "../state/view";
import type { Tensor } from "../model/trace";
import { isComputed } from "../model/timeline";
import { litRoles, marksOf, networkMarks, stepMarks } from "./marks";
import { named } from "./names";
import { networkPath, pathMarks, pathsOf, trailTo } from "./paths";
import { isHeld, passOf } from "./picture";

class Pointing {
  /** The pinned number's paths through the whole trace. */
  paths = $derived(store.view.pin && pathsOf(store.trace, store.view.pin, store.view.way, store.view.hops));
  pathMarks = $derived(this.paths && store.trace && pathMarks(store.trace, store.timeline, this.paths, store.iteration));
  /** The same on the network, in the iteration at the playhead. */
  path = $derived(
    this.paths && this.pathMarks && store.trace
      ? networkPath(store.trace, store.timeline, this.paths, this.pathMarks, store.iteration)
      : null,
  );
  marks = $derived(
    marksOf(store.trace, store.timeline, store.current, {
      focus: store.focus,
      pin: store.view.pin,
      term: store.term,
      paths: this.pathMarks,
    }),
  );
  pass = $derived(store.trace && passOf(store.trace, store.current));
  isStart = $derived(store.at === 0);
  isMoving = $derived(store.progress > 0 && store.progress < 1);
  /** Whether the network shows what the step moves: while it does, and on edges until the next step. */
  isDrawn = $derived(this.isMoving || (isHeld(this.pass) && !this.isStart && this.marks.size === 0));
  /** On the network: what lights up, or else the place of the current step, unless what moves shows it. */
  network = $derived.by(() => {
    if (this.path && !store.focus && !store.term) return this.path;
    const isShown = this.marks.size > 0 || (this.isDrawn && this.pass !== null) || this.isStart;
    return networkMarks(store.trace, isShown ? this.marks : stepMarks(store.trace, store.current));
  });
  /** The roles of the current formula that have a lit cell. */
  lit = $derived(litRoles(store.current, this.marks, store.role));
}

export const pointing = new Pointing();

export const known = (tensor: string): boolean => isComputed(store.timeline, tensor, store.done);

/** A tensor of the trace with the name it has at the playhead. */
export const tensorNow = (id: string, iteration = store.iteration): Tensor | null =>
  store.trace && named(store.trace, store.timeline, id, iteration);

export function point(focus: Focus | null): void {
  store.focus = focus;
}

export function pointAt(tensor: string, cell: number): void {
  store.focus = { tensor, cells: [cell] };
}

/** Pins a cell, or lets go of it, and opens its sum; the pin before goes to the trail. */
export function pick(tensor: string, cell: number): void {
  const { pin } = store.view;
  if (pin?.tensor === tensor && pin.cell === cell) unpin();
  else walkTo(tensor, cell);
}

/** Pins a cell that a list or a sum names. */
export function walkTo(tensor: string, cell: number): void {
  const { pin, trail } = store.view;
  const to = { tensor, cell };
  store.focus = null;
  store.term = null;
  update({ view: { pin: to, trail: trailTo(trail, pin, to, MOST_PINS) } });
  if (hasSheets.matches) void openNumber();
}

/** On a small screen its sheet opens where the number stands, below what is said of the step. */
async function openNumber(): Promise<void> {
  sheets.open = "inspector";
  await tick();
  document.getElementById("cell-heading")?.scrollIntoView();
}

/** Back to the pin before. */
export function walkBack(): void {
  const last = store.view.trail.at(-1);
  if (last) walkTo(last.tensor, last.cell);
}

export function unpin(): void {
  update({ view: { pin: NOTHING_FOLLOWED.pin, trail: NOTHING_FOLLOWED.trail } });
}

/** Follows a row of the batch, or lets go of it. */
export function pickRow(row: number | null): void {
  update({ view: { row: store.view.row === row ? null : row } });
}

/** Leaves a sample out of the sums over the samples, or takes it in again; one at least stays. */
export function toggleSample(sample: number, samples: number): void {
  const { without } = store.view;
  const next = without.includes(sample) ? without.filter((each) => each !== sample) : [...without, sample].sort((a, b) => a - b);
  if (next.length < samples) update({ view: { without: next } });
}
