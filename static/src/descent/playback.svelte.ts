/** Playing, pausing and stepping through the iterations. */
import { motion } from "../state/motion.svelte";
import { playerOf } from "../state/player";
import { lab, look, start } from "./lab.svelte";

const ITERATION_MS = 120;

export const { play, toggle, standAt, goTo, stepForward, stepBack, toStart, toEnd, setSpeed, changeSpeed } = playerOf(lab, look, ITERATION_MS);

/** The page opens moving, unless the address says where to stand. */
export async function begin(): Promise<void> {
  const at = await start();
  if (at === null && !motion.isReduced) play();
}

export function replay(): void {
  if (!motion.isReduced) play();
}
