/** The one answer that isn't JSON: a network over the plane as float32 numbers. */
import { failure, refusal } from "./client";
import type { Regions, Sheet } from "../train/pictures/types";

export interface RegionsBody {
  network: { layers: readonly unknown[] };
  view: readonly (readonly [number, number])[];
  shape: readonly [number, number];
  neurons: readonly [number, number] | null;
}

const TIMEOUT = 30_000;
/** The outputs, then each hidden layer: "units,rows,columns" apart by semicolons. */
const SHAPES = "x-shapes";

/** Cuts the numbers into sheets. Raises RangeError where there are fewer or more than the shapes say. */
export function readRegions(bytes: ArrayBuffer, shapes: string, view: Regions["view"]): Regions {
  let from = 0;
  const groups = shapes.split(";").map((text): Sheet[] => {
    const [units = 0, rows = 0, columns = 0] = text.split(",").map(Number);
    return Array.from({ length: units }, () => {
      const values = new Float32Array(bytes, from, rows * columns);
      from += values.byteLength;
      return { rows, columns, values };
    });
  });
  if (from !== bytes.byteLength) throw new RangeError("the numbers don't fit their shapes");
  const [outputs = [], ...hidden] = groups;
  return { view, outputs, hidden };
}

/** Raises ApiError where the server refuses or can't be reached. */
export async function askRegions(body: RegionsBody): Promise<Regions | null> {
  try {
    const headers = { accept: "application/octet-stream", "content-type": "application/json" };
    const response = await fetch("/api/regions", { method: "POST", body: JSON.stringify(body), headers, signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok) throw await refusal(response);
    return readRegions(await response.arrayBuffer(), response.headers.get(SHAPES) ?? "", body.view);
  } catch (error) {
    throw failure(error);
  }
}
