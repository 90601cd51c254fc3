/** Playing, pausing and stepping. The clock is performance.now, so that a test can drive it. */
import { start, store, update } from "./store.svelte";
import { SPEEDS } from "./view";

const STEP_MS = 600;
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

class Motion {
  isReduced = $state(reduced.matches);
}

export const motion = new Motion();
reduced.addEventListener("change", () => { motion.isReduced = reduced.matches; });

let from = 0;
let since = 0;
let frame = 0;

function anchor(): void {
  from = store.at;
  since = performance.now();
}

function now(): number {
  return from + ((performance.now() - since) / STEP_MS) * store.view.speed;
}

function tick(): void {
  if (!store.isPlaying) return;
  const at = now();
  const { end } = store;
  if (at >= end) {
    store.isPlaying = false;
    update({ at: end });
    return;
  }
  if (Math.floor(at) === store.done) store.at = at;
  else update({ at });
  frame = requestAnimationFrame(tick);
}

export function play(): void {
  if (store.timeline.length === 0) return;
  if (store.at >= store.end) update({ at: 0 });
  store.isPlaying = true;
  anchor();
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(tick);
}

export function pause(): void {
  store.isPlaying = false;
  cancelAnimationFrame(frame);
  update({ at: store.at });
}

export function toggle(): void {
  if (store.isPlaying) pause();
  else play();
}

/** Always lands on a whole number of steps. */
export function goTo(at: number): void {
  store.isPlaying = false;
  cancelAnimationFrame(frame);
  update({ at: Math.round(at) });
}

export function stepForward(): void {
  goTo(Math.floor(store.at) + 1);
}

export function stepBack(): void {
  goTo(Math.ceil(store.at) - 1);
}

export function toStart(): void {
  goTo(0);
}

export function toEnd(): void {
  goTo(store.end);
}

export function setSpeed(speed: number): void {
  anchor();
  update({ view: { speed } });
}

export function changeSpeed(by: 1 | -1): void {
  const place = SPEEDS.findIndex((speed) => speed === store.view.speed) + by;
  const speed = SPEEDS[place];
  if (speed !== undefined) setSpeed(speed);
}

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
    store.at = store.end;
    return;
  }
  const forward = store.timeline.spans[0]?.end ?? 0;
  store.at = Math.floor(forward / 3);
  if (!motion.isReduced) play();
}
