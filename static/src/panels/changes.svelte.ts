/** What the last edit changed: the numbers that differ from those that were on the screen before it. */
import type { Tensor, Trace } from "../model/trace";
import { valueAt } from "../model/trace";
import { store } from "../state/store.svelte";

const isAlike = (one: Tensor, other: Tensor): boolean =>
  one.axes.join() === other.axes.join() && one.shape.join() === other.shape.join();

/** A tensor as it was, if it had the same axes and shape. */
export function earlier(before: Trace | null, now: Trace | null, id: string): Tensor | null {
  const [old, tensor] = [before?.tensors[id], now?.tensors[id]];
  return old && tensor && old !== tensor && isAlike(old, tensor) ? old : null;
}

function countChanged(before: Trace | null, now: Trace | null): { changed: number; total: number } {
  let [changed, total] = [0, 0];
  for (const [id, tensor] of Object.entries(now?.tensors ?? {})) {
    const old = earlier(before, now, id);
    total += tensor.data.length;
    for (let cell = 0; old && cell < tensor.data.length; cell++) {
      if (!Object.is(valueAt(old, cell), valueAt(tensor, cell))) changed++;
    }
  }
  return { changed, total };
}

class Changes {
  isMarked = $state(true);
  /** Whether there is an edit to compare with; not while an exercise asks for numbers. */
  isThere = $derived(store.before !== null && store.view.exercise === null);
  /** Null until the answer is there. */
  count = $derived(this.isThere && store.before !== store.trace ? countChanged(store.before, store.trace) : null);
}

export const changes = new Changes();

/** What a tensor's cells are compared with, while changes are marked. */
export const markedAgainst = (id: string): Tensor | null =>
  changes.isMarked && changes.isThere ? earlier(store.before, store.trace, id) : null;
