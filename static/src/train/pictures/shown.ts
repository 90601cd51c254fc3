/** Which function the plane shows. */
import type { NeuronPlace, Regions, Sheet, Window } from "./types";

export const keyOfView = (view: Window): string => JSON.stringify(view);

/** The picked neuron's: its fine answer where it is here, else the coarse one of its small picture. null: the whole output. */
export function shownSheet(regions: Regions, { layer, unit }: NeuronPlace, depth: number, fine: Sheet | null): Sheet | null {
  if (layer === 0) return regions.inputs[unit] ?? null;
  if (layer === depth) return regions.outputs.length > 1 ? (regions.outputs[unit] ?? null) : null;
  return fine ?? regions.hidden[layer - 1]?.[unit] ?? null;
}
