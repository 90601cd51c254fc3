/** The edits that can be undone, and the address that follows them. */
import { Address } from "./address";
import { Edits } from "./edits";
import { store } from "./moment.svelte";
import type { Spec } from "./spec";
import { writePlace } from "./url";
import type { View } from "./view";

export const REMEMBERED = ["sample", "digits", "exercise", "branches", "pair"] as const;

/** What an edit changes. */
export type Entry = Pick<View, (typeof REMEMBERED)[number]> & { spec: Spec };

export const edits = new Edits<Entry>();
/** An entry of the browser's history says how many edits lie behind it. */
export const address = new Address(written, () => ({ undoable: edits.behind }));

/** How many edits lie behind an entry of the browser's history. */
export const editsBehind = (state: unknown): number => (state as { undoable?: number } | null)?.undoable ?? 0;

function written(): string {
  if (!store.catalog || !store.spec) return location.href;
  return writePlace({ spec: store.spec, view: store.view, at: store.wished }, store.catalog);
}

export function entryNow(): Entry | null {
  const { spec, view: { sample, digits, exercise, branches, pair } } = store;
  return spec && { spec, sample, digits, exercise, branches, pair };
}

/** What the buttons for undo and redo go by. */
export function countEdits(): void {
  store.undoable = edits.behind;
  store.redoable = edits.ahead;
}

export function remember(isContinued: boolean): void {
  const entry = entryNow();
  if (!entry) return;
  if (isContinued) edits.replace(entry);
  else edits.add(entry);
  countEdits();
  if (isContinued) address.settle();
  else address.push();
}
