/** What a picture says of the point under the pointer. */
import { readPoint, type Moment } from "./follow.svelte";
import { titleOf } from "./shown";
import type { NeuronPlace, Reading } from "./types";

/** Every output of the network at a point, whatever is shown. */
export async function readOutputs(moment: Moment, point: readonly number[], names: readonly string[]): Promise<readonly Reading[] | null> {
  const found = await readPoint(moment, point);
  return found && (found.at(-1) ?? []).map((value, k) => ({ name: names[k] ?? `output ${String(k + 1)}`, value }));
}

/** The value of the neuron that is shown large; the outputs where it is none, or one of them. */
export async function readShown(moment: Moment, point: readonly number[], neuron: NeuronPlace | null, names: readonly string[]): Promise<readonly Reading[] | null> {
  if (!neuron || neuron.layer >= moment.layers.length) return readOutputs(moment, point, names);
  const found = await readPoint(moment, point);
  const name = titleOf(neuron, moment.data, moment.layers.length);
  return found && [{ name: name.toLowerCase(), value: found[neuron.layer]?.[neuron.unit] ?? null }];
}
