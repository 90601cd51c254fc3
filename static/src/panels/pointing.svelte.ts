/** What is pointed at and what lights up, worked out once for all panels. */
import { hasSheets, sheets } from "../shell/sheets.svelte";
import { store, update, type Focus } from "../state/store.svelte";
import type { Tensor } from "../model/trace";
import { isComputed } from "../model/timeline";
import { litRoles, marksOf, networkMarks, stepMarks } from "./marks";
import { named } from "./names";
import { isHeld, passOf } from "./picture";

class Pointing {
  marks = $derived(
    marksOf(store.trace, store.timeline, store.current, { focus: store.focus, pin: store.view.pin, term: store.term }),
  );
  pass = $derived(store.trace && passOf(store.trace, store.current));
  isStart = $derived(store.at === 0);
  isMoving = $derived(store.progress > 0 && store.progress < 1);
  /** Whether the network shows what the step moves: while it does, and on edges until the next step. */
  isDrawn = $derived(this.isMoving || (isHeld(this.pass) && !this.isStart && this.marks.size === 0));
  /** On the network: what lights up, or else the place of the current step, unless what moves shows it. */
  network = $derived.by(() => {
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

/** Pins a cell, or lets go of it, and opens its sum. */
export function pick(tensor: string, cell: number): void {
  const { pin } = store.view;
  const isSame = pin?.tensor === tensor && pin.cell === cell;
  update({ view: { pin: isSame ? null : { tensor, cell } } });
  if (!isSame && hasSheets.matches) sheets.open = "inspector";
}

export function unpin(): void {
  update({ view: { pin: null } });
}
