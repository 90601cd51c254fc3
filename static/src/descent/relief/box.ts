/** The box around the relief: its lines, and where its numbers stand, as the eye sees it. */
import { scaleLinear } from "d3-scale";
import { formatCell } from "../../model/format";
import type { Window } from "../types";
import type { HeightScale } from "./heights";
import { FLOOR, type Place, type Space } from "./space";
import type { Eye } from "./view";

const [OUTWARDS, NAME_OUTWARDS, STUB] = [0.1, 0.27, 0.03];
/** A tick is a round number: this drops none of its digits. */
const TICK_DIGITS = 10;
const [PIXELS_PER_TICK, NEAR_NAME] = [64, 15];

export interface Label {
  key: string;
  text: string;
  x: number;
  y: number;
  kind: "tick" | "name" | "height";
}

export interface Box {
  /** Pairs of ends. */
  edges: readonly Place[];
  rules: readonly Place[];
  labels: readonly Label[];
}

interface Sides {
  /** The far side of x₁ and of x₂ in space, and the near ones. */
  far: readonly [number, number];
  near: readonly [number, number];
}

function sidesOf({ position }: Eye, { half: [a, b] }: Space): Sides {
  const [x, z] = [position[0] > 0 ? -a : a, position[2] > 0 ? -b : b];
  return { far: [x, z], near: [-x, -z] };
}

interface Axis {
  name: string;
  ticks: readonly { value: number; at: number }[];
  at(along: number, outwards: number): Place;
}

function ticksOf([from, to]: readonly [number, number], first: Place, last: Place, eye: Eye): number[] {
  const [a, b] = [eye.see(first), eye.see(last)];
  return scaleLinear([from, to], [0, 1]).ticks(Math.max(2, Math.min(7, Math.hypot(a.x - b.x, a.y - b.y) / PIXELS_PER_TICK)));
}

function floorAxes(window: Window, space: Space, { near }: Sides, eye: Eye): Axis[] {
  const { half: [a, b] } = space;
  const signs = [Math.sign(near[0]), Math.sign(near[1])] as const;
  const along = [
    (t: number, out: number): Place => [t, FLOOR, near[1] + signs[1] * out],
    (t: number, out: number): Place => [near[0] + signs[0] * out, FLOOR, t],
  ];
  return along.map((at, i) => {
    const range = window[i] ?? [0, 1];
    const values = ticksOf(range, at(i === 0 ? -a : -b, 0), at(i === 0 ? a : b, 0), eye);
    return { name: i === 0 ? "x₁" : "x₂", at, ticks: values.map((value) => ({ value, at: (i === 0 ? space.place(value, 0, 0)[0] : space.place(0, value, 0)[2]) })) };
  });
}

/** The upright edge that is farthest to the left: the heights are written there. */
function uprightOf({ far, near }: Sides, eye: Eye): readonly [number, number] {
  const corners = [[far[0], near[1]], [near[0], far[1]]] as const;
  return eye.see([corners[0][0], 0, corners[0][1]]).x < eye.see([corners[1][0], 0, corners[1][1]]).x ? corners[0] : corners[1];
}

export function boxOf(window: Window, space: Space, scale: HeightScale, eye: Eye): Box {
  const sides = sidesOf(eye, space);
  const axes = floorAxes(window, space, sides, eye);
  const upright = uprightOf(sides, eye);
  const heights = scale.ticks.map((value) => ({ value, at: scale.of(value) * space.top })).filter(({ at }) => at >= 0 && at <= space.top);
  return { ...linesOf(space, sides, axes, heights.map(({ at }) => at)), labels: labelsOf(axes, { name: scale.kind === "log" ? "f, log scale" : "f", ticks: heights, at: upright }, space, eye) };
}

function linesOf({ half: [a, b], top }: Space, { far: [x, z], near }: Sides, axes: readonly Axis[], heights: readonly number[]): Pick<Box, "edges" | "rules"> {
  const floor: Place[] = [[-a, FLOOR, -b], [a, FLOOR, -b], [a, FLOOR, b], [-a, FLOOR, b]];
  const edges = floor.flatMap((corner, i) => [corner, floor[(i + 1) % 4] ?? corner]);
  for (const [u, v] of [[x, z], [x, near[1]], [near[0], z]] as const) edges.push([u, FLOOR, v], [u, top, v]);
  for (const { at, ticks } of axes) for (const tick of ticks) edges.push(at(tick.at, 0), at(tick.at, STUB));
  const rules: Place[] = [];
  for (const y of heights) rules.push([x, y, -b], [x, y, b], [-a, y, z], [a, y, z]);
  for (const tick of axes[0]?.ticks ?? []) rules.push([tick.at, FLOOR, -b], [tick.at, FLOOR, b], [tick.at, FLOOR, z], [tick.at, top, z]);
  for (const tick of axes[1]?.ticks ?? []) rules.push([-a, FLOOR, tick.at], [a, FLOOR, tick.at], [x, FLOOR, tick.at], [x, top, tick.at]);
  return { edges, rules };
}

interface Heights {
  name: string;
  ticks: readonly { value: number; at: number }[];
  /** Of the upright edge that they are written at. */
  at: readonly [number, number];
}

function labelsOf(axes: readonly Axis[], { name: height, ticks, at: [x, z] }: Heights, { top }: Space, eye: Eye): Label[] {
  const labels: Label[] = [];
  const add = (key: string, text: string, place: Place, kind: Label["kind"]): void => { labels.push({ key, text, kind, ...eye.see(place) }); };
  for (const { name, at, ticks } of axes) {
    for (const tick of ticks) add(`${name} ${String(tick.value)}`, formatCell(tick.value, TICK_DIGITS), at(tick.at, OUTWARDS), "tick");
    add(name, name, at(0, NAME_OUTWARDS), "name");
  }
  for (const { value, at } of ticks) add(`f ${String(value)}`, formatCell(value, TICK_DIGITS), [x, at, z], "height");
  const head = eye.see([x, top, z]);
  labels.push({ key: "f", text: height, kind: "name", x: head.x, y: head.y - NEAR_NAME });
  return labels;
}
