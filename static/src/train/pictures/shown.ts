/** Which function a picture shows. */
import type { NeuronPlace, PictureData, Regions, Sheet, Window } from "./types";

export const OUTPUT_TITLE = "The network's output";

export const keyOfView = (view: Window): string => JSON.stringify(view);

/** The picked neuron's: its fine answer where it is here, else the coarse one of its small picture. null: the whole output. */
export function shownSheet(regions: Regions, { layer, unit }: NeuronPlace, depth: number, fine: Sheet | null): Sheet | null {
  if (layer === 0) return regions.inputs[unit] ?? null;
  if (layer === depth) return regions.outputs.length > 1 ? (regions.outputs[unit] ?? null) : null;
  return fine ?? regions.hidden[layer - 1]?.[unit] ?? null;
}

/** The heading of one neuron's picture. */
export function titleOf({ layer, unit }: NeuronPlace, data: PictureData, depth: number): string {
  if (layer === 0) return `Input ${data.features[unit] ?? ""}`;
  if (layer === depth) return `Output ${data.classes?.[unit] ?? String(unit)}`;
  return `Layer ${String(layer)}, unit ${String(unit + 1)}`;
}

/** The function of the one input that is drawn: the picked neuron's, or null for the outputs'. */
export function shownCurve(xs: readonly number[], layers: readonly (readonly (readonly number[])[])[], neuron: NeuronPlace | null): readonly (readonly number[])[] | null {
  if (!neuron || neuron.layer >= layers.length) return null;
  if (neuron.layer === 0) return xs.map((x) => [x]);
  const rows = layers[neuron.layer - 1];
  return rows?.[0]?.[neuron.unit] === undefined ? null : rows.map((row) => [row[neuron.unit] ?? 0]);
}
