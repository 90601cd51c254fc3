/** What each neuron of the network picture shows. */
import type { Palette } from "../../model/palette";
import { scaleOf } from "../../model/scale";
import { classRamp, signedRamp, twoClassRamp } from "./colours";
import { targetReach } from "./ground";
import type { Face, LayerNumbers, NumberPlace, PictureData, Regions, Sheet } from "./types";
import { reachOf } from "./view";

/** So many samples a side of a neuron's small picture. */
export const THUMB = 24;

/** Fewer samples of a large sheet: the nearest ones. */
export function shrunk({ rows, columns, values }: Sheet, side = THUMB): Sheet {
  const near = (i: number, count: number): number => Math.round((i * (count - 1)) / (side - 1));
  const small = Float32Array.from({ length: side * side }, (_, cell) => values[near(Math.floor(cell / side), rows) * columns + near(cell % side, columns)] ?? 0);
  return { rows: side, columns: side, values: small };
}

/** Each neuron as a function of the two inputs; a hidden layer's neurons share their scale. */
export function sheetFaces(data: PictureData, regions: Regions, palette: Palette): Face[][] {
  const signed = signedRamp(palette);
  const signedFace = (sheet: Sheet, reach: number): Face => ({ kind: "sheet", sheet, ramp: signed, low: -reach, high: reach });
  const inputs = regions.inputs.map((sheet) => signedFace(sheet, reachOf([sheet])));
  const hidden = regions.hidden.map((layer) => { const reach = reachOf(layer); return layer.map((sheet) => signedFace(sheet, reach)); });
  const outputs = regions.outputs.map((large, k): Face => {
    const sheet = shrunk(large);
    if (data.task === "regression") return signedFace(sheet, targetReach(data));
    const ramp = regions.outputs.length === 1 ? twoClassRamp(palette) : classRamp(palette, k);
    return { kind: "sheet", sheet, ramp, low: 0, high: 1 };
  });
  return [inputs, ...hidden, outputs];
}

/** Each neuron as a curve over the one input; a layer's neurons share their scale. */
export function curveFaces(xs: readonly number[], layers: readonly (readonly (readonly number[])[])[]): Face[][] {
  const columns = layers.map((rows) => (rows[0] ?? []).map((_, unit) => rows.map((row) => row[unit] ?? 0)));
  return [[[...xs]], ...columns].map((units) => {
    const reach = scaleOf(...units);
    return units.map((values): Face => ({ kind: "curve", values, low: -reach, high: reach }));
  });
}

/** Each neuron by its value for one sample; a layer's neurons share their scale. */
export function valueFaces(layers: readonly (readonly number[])[]): Face[][] {
  return layers.map((values) => { const scale = scaleOf(values); return values.map((value): Face => ({ kind: "value", value, scale })); });
}

export const sizesOf = (layers: readonly LayerNumbers[]): number[] => (layers[0] ? [layers[0].W[0]?.length ?? 0, ...layers.map(({ b }) => b.length)] : []);

export const numberAt = (layers: readonly LayerNumbers[], { layer, unit, from }: NumberPlace): number => {
  const found = layers[layer - 1];
  return (from === null ? found?.b[unit] : found?.W[unit]?.[from]) ?? 0;
};

/** The same layers with one other number. */
export function withNumber(layers: readonly LayerNumbers[], { layer, unit, from }: NumberPlace, value: number): { W: number[][]; b: number[] }[] {
  return layers.map(({ W, b }, i) => {
    const isHere = i === layer - 1;
    return {
      W: W.map((row, out) => row.map((weight, input) => (isHere && out === unit && input === from ? value : weight))),
      b: b.map((bias, out) => (isHere && out === unit && from === null ? value : bias)),
    };
  });
}

/** W of each layer as a flat row-major array. */
export const flatWeights = (layers: readonly LayerNumbers[]): Float64Array[] => layers.map(({ W }) => Float64Array.from(W.flat()));
