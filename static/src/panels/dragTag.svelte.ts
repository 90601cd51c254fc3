/** What stands at the pointer during a drag: the number comes with its answer, in one frame, and goes ahead of it where that takes long. */
import { untrack } from "svelte";
import { store } from "../state/store.svelte";
import { editing, gestureText } from "./editing.svelte";

/** Three frames, in ms. A frame for the tag alone would hold up the answer that comes meanwhile. */
const PATIENCE = 50;

export function dragTag(): { readonly text: string } {
  let text = $state("");
  let timer: ReturnType<typeof setTimeout> | undefined;

  function say(): void {
    clearTimeout(timer);
    timer = undefined;
    text = editing.isDragging ? gestureText(editing.gesture) : "";
  }

  $effect.pre(() => {
    void [store.received, editing.isDragging];
    untrack(say);
  });
  $effect(() => {
    if (editing.gesture && editing.isDragging) timer ??= setTimeout(say, PATIENCE);
  });
  $effect(() => () => { clearTimeout(timer); });
  return {
    get text() {
      return text;
    },
  };
}
