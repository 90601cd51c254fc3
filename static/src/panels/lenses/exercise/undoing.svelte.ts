/** Forgetting answers can be taken back: what was there before is kept until the next answer or the next forgetting. */
import type { Records } from "../../../state/sitting";
import { keepRecords, store } from "../../../state/store.svelte";

class Undoing {
  before = $state.raw<Records | null>(null);
  after = $state.raw<Records | null>(null);
  canUndo = $derived(this.before !== null && store.records === this.after);
}

export const undoing = new Undoing();

export function replaceRecords(records: Records): void {
  undoing.before = store.records;
  undoing.after = records;
  keepRecords(records);
}

export function undoReplacing(): void {
  if (undoing.before) keepRecords(undoing.before);
  undoing.before = undoing.after = null;
}
