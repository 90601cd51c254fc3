/** What every picture of the surface does alike: it tells its size, and has the surface sampled where it looks. */
import { fetchField, lab } from "./lab.svelte";

const FIELD_EVERY = 60;
let asked = 0;

/** To be called by a component as it starts; `size` is that of its picture, in pixels. */
export function followField(size: () => { width: number; height: number }): void {
  $effect(() => {
    const { width, height } = size();
    if (width > 0 && height > 0) lab.size = { width, height };
  });
  $effect(() => {
    const { setup, shown, size: known } = lab;
    if (!setup || !shown || !known) return;
    const { surface } = setup;
    const timer = setTimeout(() => {
      asked = performance.now();
      void fetchField(surface, shown, known);
    }, Math.max(0, FIELD_EVERY - (performance.now() - asked)));
    return () => { clearTimeout(timer); };
  });
}
