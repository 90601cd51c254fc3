/** Changing given numbers where they stand: in a cell, on an edge, on a neuron. */
import { fullDigits } from "../model/format";
import { finer, nudged, stepFor, type Step } from "../model/nudge";
import { scaleOf } from "../model/scale";
import { givenAt, isGiven, numberAt, withNumber, type Given } from "../state/cells";
import type { Layers, Spec } from "../state/spec";
import { endGesture, store, update } from "../state/store.svelte";
import { startOf } from "../state/weights";
import { shortName } from "../model/words";
import type { Target } from "../views/types";
import { focusOf } from "./marks";

/** Key strokes on the same number within this time are one edit. */
const TOGETHER = 1000;

export interface OpenCell {
  tensor: string;
  cell: number;
  /** Over which the field stands. */
  element: HTMLElement;
  /** What stands in the field at first; null: the number. */
  text: string | null;
}

/** A number on its way from the one that it had when the gesture began. */
interface Gesture {
  name: string;
  tensor: string;
  cell: number;
  start: number;
  now: number;
  step: Step;
  count: number;
  touched: number;
}

class Editing {
  open = $state.raw<OpenCell | null>(null);
  gesture = $state.raw<Gesture | null>(null);
  isDragging = $state(false);
}

export const editing = new Editing();
let gestures = 0;

interface Held {
  spec: Spec;
  layers: Layers;
  given: Given;
}

/** The number of a cell that can be changed now: drawn weights only while those on the screen are the newest. */
function held(id: string, cell: number): Held | null {
  const { spec, received: trace, traced, timeline: { first }, view: { sample } } = store;
  const tensor = trace?.tensors[id];
  const given = tensor && givenAt(tensor, cell, sample, first);
  if (!spec || !trace || !given || traced?.sample !== sample) return null;
  const { weights } = spec;
  const isNewest = traced.spec.weights === weights && traced.spec.sizes === spec.sizes;
  const layers = weights.kind === "given" ? weights.layers : isNewest ? startOf(trace, spec.sizes, first) : null;
  return layers && { spec, layers, given };
}

export function isEditable(id: string): boolean {
  const tensor = store.trace?.tensors[id];
  return tensor !== undefined && isGiven(tensor, store.timeline.first);
}

export function numberOf(id: string, cell: number): number | null {
  const at = held(id, cell);
  return at && numberAt(at.spec, at.layers, at.given);
}

/** Puts a number in its place; false where that can't be done now. */
export function put(id: string, cell: number, value: number, gesture?: string): boolean {
  const at = held(id, cell);
  if (!at) return false;
  if (Object.is(numberAt(at.spec, at.layers, at.given), value)) return true;
  update({ spec: withNumber(at.spec, at.layers, at.given, value), ...(gesture !== undefined && { gesture }) });
  return true;
}

/** Opens a cell as a field. */
export function openCell(tensor: string, cell: number, element: HTMLElement, text: string | null = null): void {
  if (numberOf(tensor, cell) !== null) editing.open = { tensor, cell, element, text };
}

export function closeCell(): void {
  editing.open = null;
}

/** What a gesture on a cell starts from; steps are a thousandth of the largest number of its tensor, so that Shift can be fine. */
function begin(tensor: string, cell: number): Gesture | null {
  const start = numberOf(tensor, cell);
  if (start === null) return null;
  const step = finer(stepFor(scaleOf(store.trace?.tensors[tensor]?.data)));
  return { name: `gesture ${++gestures}`, tensor, cell, start, now: start, step, count: 0, touched: performance.now() };
}

/** Ten fine steps are one. */
const stepsOf = (count: number, isFine: boolean): number => count * (isFine ? 1 : 10);

function move(gesture: Gesture, count: number): void {
  const now = nudged(gesture.start, Math.round(count), gesture.step);
  editing.gesture = { ...gesture, count, now, touched: performance.now() };
  put(gesture.tensor, gesture.cell, now, gesture.name);
}

/** A step by key; several that follow each other are one edit. */
export function nudge(tensor: string, cell: number, count: number, isFine: boolean): void {
  const last = editing.gesture;
  const isSame = last?.tensor === tensor && last.cell === cell && performance.now() - last.touched < TOGETHER;
  const gesture = isSame && Object.is(numberOf(tensor, cell), last.now) ? last : begin(tensor, cell);
  if (gesture) move(gesture, gesture.count + stepsOf(count, isFine));
}

/** The given number that an edge or a neuron stands for: a weight, a bias, or with one sample alone an input. */
export function numberUnder(target: Target): { tensor: string; cell: number } | null {
  if (!store.trace) return null;
  const { kind, layer } = target;
  const start = `[${String(layer)}]@${String(store.timeline.first)}`;
  const id = kind === "edge" ? `W${start}` : layer > 0 ? `b${start}` : "A[0]@0";
  const focus = focusOf(store.trace, null, target, [id]);
  const [cell, ...more] = focus?.cells ?? [];
  return cell === undefined || more.length > 0 ? null : { tensor: id, cell };
}

/** A drag on the network: its start, pixels upwards, its end. */
export function drag(target: Target, pixels: number | null, isFine = false): void {
  if (pixels === null) {
    const at = numberUnder(target);
    editing.gesture = at && begin(at.tensor, at.cell);
    editing.isDragging = editing.gesture !== null;
  } else if (editing.gesture) {
    move(editing.gesture, editing.gesture.count + stepsOf(pixels, isFine));
  }
}

export function drop(): void {
  if (editing.isDragging) endGesture();
  editing.isDragging = false;
}

export function nudgeUnder(target: Target, count: number, isFine: boolean): void {
  const at = numberUnder(target);
  if (at) nudge(at.tensor, at.cell, count, isFine);
}

/** The number on its way, in words: "W[1]: 0.3471 → 0.35". */
export function gestureText(gesture: Gesture | null): string {
  return gesture ? `${shortName(gesture.tensor)}: ${fullDigits(gesture.start)} → ${fullDigits(gesture.now)}` : "";
}
