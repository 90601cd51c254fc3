import { describe, expect, test } from "vitest";
import { catalog } from "../fixtures/catalog";
import { switchesOf, withChoice } from "./conventions";
import { objection, requestOf, specOf, withActivation, withData, withDrawn, withLayer, withLoss, withSize, withoutLayer, type Spec } from "./spec";
import { readPlace, writePlace, type Place } from "./url";
import { DIGITS, FIRST_VIEW, LANGUAGES, LENSES, SPEEDS } from "./view";

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function preset(name: string): Spec {
  const found = catalog.presets.find((each) => each.name === name);
  if (!found) throw new Error(name);
  return specOf(found);
}

type Edit = (spec: Spec, pick: (count: number) => number) => Spec;
const edits: Edit[] = [
  (spec, pick) => (spec.sizes.length > 2 ? withSize(spec, 1, 1 + pick(9), catalog) : spec),
  (spec) => (spec.sizes.length < 6 ? withLayer(spec, catalog) : spec),
  (spec) => (spec.sizes.length > 2 ? withoutLayer(spec, 1, catalog) : spec),
  (spec, pick) => withDrawn(spec, catalog.initialisers[pick(2)]?.name ?? "", pick(1e9)),
  (spec, pick) => withLoss(spec, [null, "mse", "cross_entropy"][pick(3)] ?? null, catalog),
  (spec, pick) => {
    const layer = 1 + pick(spec.sizes.length - 1);
    const name = catalog.activations[pick(4)]?.name ?? "";
    return objection(spec, layer, name, catalog) === null ? withActivation(spec, layer, name) : spec;
  },
  (spec, pick) => withData(spec, spec.X.map((row) => row.map(() => pick(1e6) / 7e4 - 6)), spec.Y, catalog),
  (spec, pick) => ({ ...spec, learningRate: (pick(1000) + 1) / 300 }),
  (spec) => ({ ...spec, precision: "float32" }),
  (spec, pick) => {
    const changed = switchesOf(catalog)[pick(3)];
    const choice = changed?.choices[pick(2)];
    return changed && choice ? { ...spec, conventions: withChoice(spec.conventions, changed, choice) } : spec;
  },
  (spec, pick) => ({ ...spec, weights: { kind: "given", layers: spec.sizes.slice(1).map((size, i) => ({
    W: Array.from({ length: size }, () => Array.from({ length: spec.sizes[i] ?? 1 }, () => pick(1e9) / 3e8 - 1)),
    b: Array.from({ length: size }, () => pick(1e9) / 3e8),
  })) } }),
];

test("given weights and long data stand behind the #, where no server reads them", () => {
  const spec = preset("small");
  const layers = [{ W: [[1, 2], [3, 4], [5, 6]], b: [1, 2, 3] }, { W: [[1, 2, 3], [4, 5, 6]], b: [0.5, -1e-20] }];
  const X = Array.from({ length: 300 }, (_, p) => [p / 7, 1 - p]);
  const long: Spec = { ...spec, weights: { kind: "given", layers }, X, Y: X };
  const address = writePlace({ spec: long, view: FIRST_VIEW, at: null }, catalog);
  expect(address.split("#")[0]).toBe("?preset=small");
  expect(readPlace(address, catalog).place?.spec).toEqual(long);
  const { problems } = readPlace("?preset=small#w=1,2/3", catalog);
  expect(problems[0]).toContain("weights of 2-3-2");
});

describe.each(["small", "given"])("from the preset “%s”", (name) => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))("any state comes back from its address (%i)", (seed) => {
    const next = random(seed + 1);
    const pick = (count: number): number => Math.floor(next() * count);
    let spec = preset(name);
    for (let i = pick(6); i > 0; i--) spec = edits[pick(edits.length)]?.(spec, pick) ?? spec;
    const view = {
      lens: LENSES[pick(LENSES.length)] ?? "numbers",
      sample: pick(2) ? pick(spec.X.length) : null,
      speed: SPEEDS[pick(SPEEDS.length)] ?? 1,
      digits: DIGITS[pick(DIGITS.length)] ?? 4,
      pin: pick(2) ? { tensor: "Z[1]@0", cell: pick(6) } : null,
      language: LANGUAGES[pick(2)] ?? "numpy",
    };
    const place: Place = { spec, view, at: pick(2) ? pick(30) : null };
    const query = writePlace(place, catalog);
    const back = readPlace(query, catalog);
    expect(back.problems, query).toEqual([]);
    expect(requestOf(back.place?.spec ?? spec, null), query).toEqual(requestOf(spec, null));
    expect({ view: back.place?.view, at: back.place?.at }).toEqual({ view, at: place.at });
    expect(writePlace(back.place ?? place, catalog)).toBe(query);
  });
});

test("a preset may open with decimals, and only another choice is written", () => {
  const printed = { ...catalog, presets: catalog.presets.map((each) => (each.name === "given" ? { ...each, decimals: 4 } : each)) };
  expect(readPlace("?preset=given", printed).place?.view.digits).toBe("4f");
  expect(readPlace("?preset=small", printed).place?.view.digits).toBe(4);
  expect(readPlace("?preset=small&digits=4f", printed).place?.view.digits).toBe("4f");
  const place = { spec: preset("given"), view: { ...FIRST_VIEW, digits: "4f" as const }, at: null };
  expect(writePlace(place, printed)).toBe("?preset=given");
  expect(writePlace({ ...place, view: { ...place.view, digits: 4 } }, printed)).toBe("?preset=given&digits=4");
});

test("an unchanged preset is one word, and an address stays readable", () => {
  expect(writePlace({ spec: preset("small"), view: FIRST_VIEW, at: null }, catalog)).toBe("?preset=small");
  const view = { ...FIRST_VIEW, sample: 0, pin: { tensor: "Z[1]@0", cell: 3 } };
  expect(writePlace({ spec: withSize(preset("small"), 1, 5, catalog), view, at: 17 }, catalog)).toBe(
    "?preset=small&sizes=2-5-2&sample=1&pin=Z[1]@0:3&at=17",
  );
});

test.each([
  "preset=nonsense", "sizes=2-x-2", "sizes=9-3-2", "act=tanh", "act=tanh,nothing", "loss=what", "lr=fast", "n=-1", "n=999", "seed=1.5",
  "x=1,2;3", "y=1,a", "sample=7", "at=now", "pin=Z", "speed=3", "digits=99", "precision=float16", "init=unknown", "x=1,2",
  "layout=cols", "half=true", "reduction=avg",
])("“%s” is answered with a sentence and falls back", (query) => {
  const { place, problems } = readPlace(`?${query}`, catalog);
  expect(problems).toHaveLength(1);
  expect(place?.spec).toEqual(preset("small"));
});

test("conventions other than the lecture's stand in the address and in the request", () => {
  const { place } = readPlace("?preset=small&layout=columns&half=no&reduction=sum", catalog);
  expect(place?.spec.conventions).toEqual({ layout: "columns", half: false, reduction: "sum" });
  expect(place && requestOf(place.spec, null).conventions).toEqual(place?.spec.conventions);
  expect(place && writePlace(place, catalog)).toBe("?preset=small&layout=columns&half=no&reduction=sum");
  expect(readPlace("?preset=small&layout=rows_out_in&half=yes", catalog).place?.spec).toEqual(preset("small"));
});

test("an output activation that the loss forbids is replaced, with a sentence", () => {
  const { place, problems } = readPlace("?loss=cross_entropy&act=tanh,tanh", catalog);
  expect(place?.spec.activations).toEqual(["tanh", "softmax"]);
  expect(problems[0]).toContain("tanh");
});

test("a sample is sent alone", () => {
  const request = requestOf(preset("small"), 1);
  expect(request.X).toEqual([[0.5, 3]]);
  expect(request.Y).toEqual([[0, 1]]);
});

test("given weights stay until the sizes or the initialiser change", () => {
  const given = preset("given");
  expect(requestOf(withActivation(given, 1, "tanh"), null).network).toEqual({ layers: [{ W: [[1, 2]], b: [0.5], activation: "tanh" }] });
  expect(requestOf(withLayer(given, catalog), null).network).toMatchObject({ sizes: [2, 4, 1], init: { scheme: "torch_linear" } });
});
