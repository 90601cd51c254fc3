/** Playing: the playhead moves over the recorded moments, and what isn't recorded yet is computed. The clock is performance.now, so that a test can drive it. */
import { motion } from "../state/motion.svelte";
import { speedBeside } from "../state/player";
import { indexAt, type TrainRun } from "./run.svelte";
import type { Origin, Spec } from "./spec";
import { begin as beginRun, branchFromHere, drawAgain, epochs as trainEpochs, halt, isFinished, oneBatch as trainBatch, reaches, train } from "./trainer";
import { look, start, studio, whenAnother } from "./studio.svelte";
import type { Place } from "./url";

const MOMENT_MS = 50;
let last = 0;
let frame = 0;

function tick(): void {
  if (!studio.isPlaying) return;
  const now = performance.now();
  const at = studio.at + ((now - last) / MOMENT_MS) * studio.speed;
  last = now;
  const isOver = at >= studio.length && !studio.isLive;
  if (isOver) studio.isPlaying = false;
  look({ at });
  if (!isOver) frame = requestAnimationFrame(tick);
}

function move(): void {
  studio.isPlaying = true;
  last = performance.now();
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(tick);
}

/** Goes on: through what is recorded, and beyond it, also where the server was lost. At the end of a finished run it plays it again. */
export function play(): void {
  const [run] = studio.runs;
  if (!run || !studio.run) return;
  const isAtEnd = studio.at >= studio.length;
  if (isAtEnd && (studio.selected > 0 || run.status === "ended")) look({ at: 0 });
  if (studio.selected === 0 && (run.status === "paused" || run.status === "failed")) void train();
  move();
}

/** After a failure: on from the last moment that came, or from the start where none did. */
export async function tryAgain(): Promise<void> {
  const [run] = studio.runs;
  if (studio.status.kind === "failed" || run?.status !== "failed") return fresh();
  goLive();
  play();
}

/** Freezes the picture, and lets the server stop. */
export function pause(): void {
  stand();
  halt();
}

export function toggle(): void {
  if (studio.isPlaying) pause();
  else play();
}

function stand(at = Math.floor(studio.at)): void {
  studio.isPlaying = false;
  cancelAnimationFrame(frame);
  studio.runs[0]?.keep();
  look({ at });
}

/** Looks back at a recorded moment; the computing goes on. */
export function scrubTo(at: number): void {
  stand(Math.round(at));
}

export const stepForward = (): void => { scrubTo(Math.floor(studio.at) + 1); };
export const stepBack = (): void => { scrubTo(Math.ceil(studio.at) - 1); };
export const toStart = (): void => { scrubTo(0); };
export const toEnd = (): void => { scrubTo(studio.length); };

/** To the newest moment, and on with it. */
export function goLive(): void {
  look({ selected: 0 });
  look({ at: studio.length });
  if (studio.isLive) move();
}

export async function oneBatch(): Promise<void> {
  goLive();
  stand();
  await trainBatch();
  toEnd();
}

export async function epochs(count: number): Promise<void> {
  goLive();
  const done = trainEpochs(count);
  move();
  await done;
}

export const oneEpoch = async (): Promise<void> => { await epochs(1); };

async function fresh(): Promise<void> {
  const { spec } = studio;
  if (spec && (await beginRun(spec)) && !motion.isReduced) move();
}

/** From the first weights; it stands there until it is played. */
export async function reset(): Promise<void> {
  stand();
  if (studio.spec) await beginRun(studio.spec, { steps: 0 });
}

/** From other first weights, moving. */
export function newWeights(): void {
  drawAgain();
}

/** Starts again with the settings as they are now. */
export async function startAgain(): Promise<void> {
  await fresh();
}

/** Goes on from the shown moment with the settings as they are now. */
export function branch(): void {
  if (branchFromHere()) play();
}

export function setSpeed(speed: number): void {
  look({ speed });
}

export function changeSpeed(by: 1 | -1): void {
  const speed = speedBeside(studio.speed, by);
  if (speed !== undefined) setSpeed(speed);
}

/** A run up to a step, or as far as it goes: from its first weights, or branched from another one, which is made first and stays beside it. */
async function made(spec: Spec, origin: Origin | null, step: number | null): Promise<TrainRun | null> {
  if (!origin) {
    studio.spec = spec;
    return await beginRun(spec, { steps: step });
  }
  const earlier = await made(origin.spec, origin.origin, origin.step);
  if (earlier) await reaches(earlier, origin.step);
  // Another place may have been asked for meanwhile.
  if (!earlier || earlier !== studio.run || studio.spec !== earlier.spec) return null;
  look({ at: indexAt(earlier.snapshots, origin.step) });
  studio.spec = spec;
  const run = branchFromHere();
  void train({ steps: step });
  return run;
}

/** Where an address says where to stand, it is computed up to there and the playhead stands there. */
async function open(place: Place | null): Promise<void> {
  if (!place) return;
  const { spec, origin, step } = place;
  studio.isOpening = true;
  if (step !== null) stand(0);
  const run = await made(spec, origin, step);
  if (run && step === null && !motion.isReduced) move();
  if (run && step !== null) await standAt(run, step);
  studio.isOpening = false;
}

async function standAt(run: TrainRun, step: number): Promise<void> {
  await reaches(run, step);
  if (run !== studio.run) return;
  scrubTo(Math.max(0, indexAt(run.snapshots, step)));
  if (!isFinished(run)) void train();
}

/** The page opens moving, unless the address says where to stand. */
export async function begin(): Promise<void> {
  whenAnother(() => { void fresh(); });
  await open(await start((place) => { void open(place); }));
}
