/** What is off the screen stands still while something is dragged, and catches up when it comes to sight or the drag ends. */
import { editing } from "./editing.svelte";

export function held<T>(read: () => T, isNear: () => boolean): { readonly now: T } {
  let last: { value: T } | undefined;
  const now = $derived.by(() => {
    if (!last || !editing.isDragging || isNear()) last = { value: read() };
    return last.value;
  });
  return {
    get now() {
      return now;
    },
  };
}
