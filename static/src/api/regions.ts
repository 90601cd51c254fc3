/** The one answer that isn't JSON: a network over the plane as float32 numbers. */
import { failure, refusal } from "./client";
import type { Regions, Sheet } from "../train/pictures/types";

export interface RegionsBody {
  network: { layers: readonly { readonly b: readonly number[] }[] };
  view: readonly (readonly [number, number])[];
  shape: readonly [number, number];
  neurons: readonly [number, number] | null;
  /** Whether the inputs come too, on the neurons' grid. */
  inputs?: boolean;
}

const TIMEOUT = 30_000;
/** "units,rows,columns" of the outputs, of all hidden units, and of the inputs. */
const [OUTPUTS, NEURONS, INPUTS] = ["x-outputs-shape", "x-neurons-shape", "x-inputs-shape"];

interface Shapes {
  outputs: string;
  neurons: string;
  inputs: string;
  /** Units of each hidden layer, to part the neurons by. */
  hidden: readonly number[];
}

/** Cuts the numbers into sheets. Raises RangeError where there are fewer or more than the shapes say. */
export function readRegions(bytes: ArrayBuffer, { outputs, neurons, inputs, hidden }: Shapes, view: Regions["view"]): Regions {
  let from = 0;
  const [K = 0, ...large] = outputs.split(",").map(Number);
  const [count = 0, ...small] = neurons.split(",").map(Number);
  const [given = 0, ...smallest] = inputs.split(",").map(Number);
  const sheets = (units: number, [rows = 0, columns = 0]: readonly number[]): Sheet[] =>
    Array.from({ length: units }, () => {
      const values = new Float32Array(bytes, from, rows * columns);
      from += values.byteLength;
      return { rows, columns, values };
    });
  const found = { view, outputs: sheets(K, large), hidden: count > 0 ? hidden.map((units) => sheets(units, small)) : [], inputs: sheets(given, smallest) };
  if (from !== bytes.byteLength) throw new RangeError("the numbers don't fit their shapes");
  return found;
}

/** Raises ApiError where the server refuses or can't be reached. */
export async function askRegions(body: RegionsBody): Promise<Regions | null> {
  try {
    const headers = { accept: "application/octet-stream", "content-type": "application/json" };
    const response = await fetch("/api/regions", { method: "POST", body: JSON.stringify(body), headers, signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok) throw await refusal(response);
    const shapes = { outputs: response.headers.get(OUTPUTS) ?? "", neurons: response.headers.get(NEURONS) ?? "", inputs: response.headers.get(INPUTS) ?? "" };
    const hidden = body.network.layers.slice(0, -1).map(({ b }) => b.length);
    return readRegions(await response.arrayBuffer(), { ...shapes, hidden }, body.view);
  } catch (error) {
    throw failure(error);
  }
}
