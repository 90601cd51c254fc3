/** The paths of the pinned number: what made it and what it feeds, as marks on matrices and on the network. */
import { ALL_HOPS, carriedEdges, feeds, hopGroups, madeFrom, tensorsIn, type HopGroup, type Reach } from "../model/provenance";
import type { Timeline } from "../model/timeline";
import type { Step, Trace } from "../model/trace";
import type { HopCount, Pin, View, Way } from "../state/view";
import type { Mark, NetworkPath } from "../views/types";
import { networkMarks, operandMark, type Marks } from "./marks";

export interface Paths {
  pin: Pin;
  back: Reach | null;
  forward: Reach | null;
  /** The hops that are followed. */
  most: number;
}

const mostOf = (hops: HopCount): number => (hops === "one" ? 1 : ALL_HOPS);

export function pathsOf(trace: Trace | null, pin: Pin | null, way: Way, hops: HopCount): Paths | null {
  if (!trace || !pin || !trace.tensors[pin.tensor]) return null;
  return {
    pin,
    back: way === "forward" ? null : madeFrom(trace, pin),
    forward: way === "back" ? null : feeds(trace, pin),
    most: mostOf(hops),
  };
}

const isLate = (step: Step | undefined): boolean => step?.phase === "backward" || step?.phase === "update";

function putReach(own: Map<number, Mark>, hops: Uint16Array | undefined, most: number, near: Mark, far: Mark): void {
  hops?.forEach((each, cell) => {
    if (each > 1 && each - 1 <= most) own.set(cell, each === 2 ? near : far);
  });
}

/** The marks of one tensor. */
function marksIn(trace: Trace, timeline: Timeline, { pin, back, forward, most }: Paths, id: string): Map<number, Mark> {
  const stepOf = (tensor: string): Step | undefined => trace.steps[timeline.producers.get(tensor) ?? -1];
  const own = new Map<number, Mark>();
  const maker = stepOf(pin.tensor);
  putReach(own, back?.get(id), most, maker ? operandMark(maker) : "operand-forward", isLate(stepOf(id)) ? "far-backward" : "far-forward");
  putReach(own, forward?.get(id), most, "fed", "far-fed");
  if (id === pin.tensor) own.set(pin.cell, "pinned");
  return own;
}

/** The marks of an iteration's matrices, and of the iterations beside it. */
export function pathMarks(trace: Trace, timeline: Timeline, paths: Paths, iteration: number): Marks {
  const near = [iteration - 1, iteration, iteration + 1].flatMap((each) => [...tensorsIn(trace, timeline, each)]);
  const all = [...new Set([...near, paths.pin.tensor])].map((id) => [id, marksIn(trace, timeline, paths, id)] as const);
  return new Map(all.filter(([, own]) => own.size > 0));
}

/** The path on the network in one iteration, with the edges that it runs along. */
export function networkPath(trace: Trace, timeline: Timeline, paths: Paths, marks: Marks, iteration: number): NetworkPath {
  const here = tensorsIn(trace, timeline, iteration);
  const own = new Map([...marks].filter(([id]) => here.has(id) || id === paths.pin.tensor));
  const { neurons, edges } = networkMarks(trace, own);
  const lit = new Map(edges);
  trace.steps.forEach((step, index) => {
    if (!paths.forward || timeline.iterationOf[index] !== iteration) return;
    for (const edge of carriedEdges(trace, step, paths.forward, paths.most)) if (!lit.has(edge)) lit.set(edge, "far-fed");
  });
  return { neurons, edges: lit };
}

export interface Followed {
  way: "back" | "forward";
  groups: HopGroup[];
}

/** What the pinned number was made from, and what it feeds, tensor by tensor. */
export function followedOf({ back, forward, most }: Paths, { producers }: Timeline): Followed[] {
  const latestFirst = new Map([...producers].map(([id, place]) => [id, -place]));
  return [
    ...(back ? [{ way: "back" as const, groups: hopGroups(back, most, latestFirst) }] : []),
    ...(forward ? [{ way: "forward" as const, groups: hopGroups(forward, most, producers) }] : []),
  ];
}

/** Where the trail goes when another cell is pinned: a pin that is on it already is gone back to. Where it began is kept however long it is. */
export function trailTo(trail: View["trail"], from: Pin | null, to: Pin, most: number): readonly Pin[] {
  const place = trail.findIndex(({ tensor, cell }) => tensor === to.tensor && cell === to.cell);
  if (place >= 0) return trail.slice(0, place);
  if (!from) return [];
  const all = [...trail, from];
  return all.length > most ? [...all.slice(0, 1), ...all.slice(1 - most)] : all;
}
