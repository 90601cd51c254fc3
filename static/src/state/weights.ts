/** Weights number by number: which fit, what a change of sizes keeps of them, and where they stand in a trace. */
import { layerOfAxis, type Tensor, type Trace } from "../model/trace";
import type { Draw, Layers, Weights } from "./spec";

type Layer = Layers[number];

const isFull = ({ W, b }: Layer, inputs: number, units: number): boolean =>
  b.length === units && W.length === units && W.every((row) => row.length === inputs);

/** Whether the weights have the shapes of the sizes. */
export function fits(layers: Layers, sizes: readonly number[]): boolean {
  return layers.length === sizes.length - 1 && layers.every((layer, i) => isFull(layer, sizes[i] ?? 0, sizes[i + 1] ?? 0));
}

const cropped = ({ W, b }: Layer, inputs: number, units: number): Layer => ({
  W: W.slice(0, units).map((row) => row.slice(0, inputs)),
  b: b.slice(0, units),
});

/** The old numbers that have a place in the new sizes: all there are, or some, which wait for the drawn rest. */
export function keeping(old: Layers, sizes: readonly number[], draw: Draw): Weights {
  const layers = old.map((layer, i) => cropped(layer, sizes[i] ?? 0, sizes[i + 1] ?? 0));
  return fits(layers, sizes) ? { kind: "given", layers, from: draw } : { kind: "drawn", ...draw, kept: layers };
}

const laid = <T>(old: readonly T[] | undefined, fresh: readonly T[]): T[] => fresh.map((each, i) => old?.[i] ?? each);

/** The kept numbers over the drawn ones. */
export function completed(kept: Layers, drawn: Layers): Layers {
  return drawn.map(({ W, b }, l) => ({
    W: W.map((row, out) => laid(kept[l]?.W[out], row)),
    b: laid(kept[l]?.b, b),
  }));
}

/** One cell of a tensor by the layer of each of its axes, whichever of them comes first. */
export function cellAt(tensor: Pick<Tensor, "axes" | "shape">, places: readonly (readonly [layer: number | null, index: number])[]): number {
  return tensor.axes.reduce((flat, axis, i) => {
    const index = places.find(([layer]) => layer === layerOfAxis(axis))?.[1] ?? 0;
    return flat * (tensor.shape[i] ?? 1) + index;
  }, 0);
}

function layerIn(W: Tensor, b: Tensor, layer: number, inputs: number, units: number): Layer {
  const number = (tensor: Tensor, out: number, k: number): number =>
    tensor.data[cellAt(tensor, [[layer, out], [layer - 1, k]])] ?? 0;
  return {
    W: Array.from({ length: units }, (_, out) => Array.from({ length: inputs }, (_, k) => number(W, out, k))),
    b: Array.from({ length: units }, (_, out) => number(b, out, 0)),
  };
}

/** The weights that a trace starts from, in its first iteration; null where it doesn't hold those of all layers. */
export function startOf(trace: Pick<Trace, "tensors">, sizes: readonly number[], first: number): Layers | null {
  const layers = sizes.slice(1).map((units, i) => {
    const [W, b] = [trace.tensors[`W[${i + 1}]@${first}`], trace.tensors[`b[${i + 1}]@${first}`]];
    return W && b ? layerIn(W, b, i + 1, sizes[i] ?? 0, units) : null;
  });
  return layers.every((layer) => layer !== null) ? layers : null;
}
