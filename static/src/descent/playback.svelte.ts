/** Playing, pausing and stepping through the iterations. The clock is performance.now, so that a test can drive it. */
import { motion } from "../state/playback.svelte";
import { SPEEDS } from "../state/view";
import { lab, look, start } from "./lab.svelte";

const ITERATION_MS = 120;
let from = 0;
let since = 0;
let frame = 0;

function anchor(): void {
  from = lab.at;
  since = performance.now();
}

function tick(): void {
  if (!lab.isPlaying) return;
  const at = from + ((performance.now() - since) / ITERATION_MS) * lab.speed;
  if (at >= lab.length) {
    lab.isPlaying = false;
    look({ at: lab.length });
    return;
  }
  if (Math.floor(at) === lab.k) lab.at = at;
  else look({ at });
  frame = requestAnimationFrame(tick);
}

export function play(): void {
  if (lab.length === 0) return;
  if (lab.at >= lab.length) look({ at: 0 });
  lab.isPlaying = true;
  anchor();
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(tick);
}

export function toggle(): void {
  if (!lab.isPlaying) {
    play();
    return;
  }
  lab.isPlaying = false;
  cancelAnimationFrame(frame);
  look({ at: lab.at });
}

/** Always lands on a whole iteration. */
export function goTo(at: number): void {
  standAt(Math.round(at));
}

/** Inside an iteration, where a line of the algorithm stands. */
export function standAt(at: number): void {
  lab.isPlaying = false;
  cancelAnimationFrame(frame);
  look({ at });
}

export const stepForward = (): void => { goTo(Math.floor(lab.at) + 1); };
export const stepBack = (): void => { goTo(Math.ceil(lab.at) - 1); };
export const toStart = (): void => { goTo(0); };
export const toEnd = (): void => { goTo(lab.length); };

export function setSpeed(speed: number): void {
  anchor();
  look({ speed });
}

export function changeSpeed(by: 1 | -1): void {
  const speed = SPEEDS[SPEEDS.findIndex((each) => each === lab.speed) + by];
  if (speed !== undefined) setSpeed(speed);
}

/** The page opens moving, unless the address says where to stand. */
export async function begin(): Promise<void> {
  const at = await start();
  if (at === null && !motion.isReduced) play();
}

export function replay(): void {
  if (!motion.isReduced) play();
}
