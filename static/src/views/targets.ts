/** What of the network stands at a place, or is meant by an event. */
import { edgeAt, neuronAt, type Layout, type Segment } from "../model/layout";
import type { Mark, NetworkMarks, Target } from "./types";

export function targetIn(layout: Layout, edges: readonly (readonly Segment[])[], x: number, y: number): Target | null {
  const neuron = neuronAt(layout, x, y);
  if (neuron) return { kind: "neuron", ...neuron };
  const edge = edgeAt(edges, x, y);
  return edge && { kind: "edge", ...edge };
}

export const markOf = (marks: NetworkMarks, target: Target): Mark | undefined =>
  target.kind === "edge"
    ? marks.edges.get([target.layer, target.out, target.in].join(":"))
    : marks.neurons.get([target.layer, target.unit].join(":"));

/** The neuron that an event is about. */
export function neuronOf(event: Event): { layer: number; unit: number; key: string } | null {
  const element = event.target instanceof Element ? event.target.closest("[data-neuron]") : null;
  const key = element?.getAttribute("data-neuron");
  if (!key) return null;
  const [layer = 0, unit = 0] = key.split(":").map(Number);
  return { layer, unit, key };
}
