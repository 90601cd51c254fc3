/** What is off the screen stands still while something is dragged, and catches up when it comes to sight or the drag ends. */
import { untrack } from "svelte";
import { editing } from "./editing.svelte";

/**
 * A state of its own, not derived: a change reaches a derived value once by every path that leads to it, and all that
 * hangs on it each time. Here many paths end, and hundreds of cells begin.
 */
export function held<T>(read: () => T, isNear: () => boolean): { readonly now: T } {
  let now = $state.raw(untrack(read));
  $effect.pre(() => {
    if (!editing.isDragging || isNear()) now = read();
  });
  return {
    get now() {
      return now;
    },
  };
}
