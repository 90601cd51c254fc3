/** Playing, pausing and stepping through the steps of the trace. */
import { motion } from "./motion.svelte";
import { playerOf } from "./player";
import { start, store, update } from "./store.svelte";

const STEP_MS = 600;

export const { play, pause, toggle, goTo, stepForward, stepBack, toStart, toEnd, setSpeed, changeSpeed } = playerOf(
  store,
  ({ at, speed }) => { update({ ...(at !== undefined && { at }), ...(speed !== undefined && { view: { speed } }) }); },
  STEP_MS,
);

/** A new experiment starts from its first step, moving. */
export function replay(): void {
  store.at = 0;
  if (!motion.isReduced) play();
}

/** The page opens in the middle of the forward pass, moving, unless the address says where to stand. */
export async function begin(): Promise<void> {
  const at = await start();
  if (at !== null || store.timeline.length === 0) return;
  if (store.asked) {
    store.at = store.length;
    return;
  }
  const forward = store.timeline.spans[0]?.end ?? 0;
  store.at = Math.floor(forward / 3);
  if (!motion.isReduced) play();
}
