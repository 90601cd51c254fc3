import { describe, expect, test } from "vitest";
import { catalog } from "../fixtures/catalog";
import { learningOf } from "../learning/learning";
import type { Exercise } from "../model/exercise";
import { switchesOf, withChoice } from "./conventions";
import { objection, requestOf, specOf, withActivation, withData, withDrawn, withLayer, withLearning, withLoss, withSize, withoutLayer, type Draw, type Spec } from "./spec";
import { readPlace, writePlace, type Place } from "./url";
import { DIGITS, FIRST_VIEW, fitting, LANGUAGES, LENSES, REACHES, SPANS, SPEEDS, WAYS } from "./view";

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const EXERCISES: readonly Exercise[] = [
  { kind: "cell", tensor: "m_hatW[1]@2", cell: 7 },
  { kind: "matrix", tensor: "L@0" },
  { kind: "matrix", tensor: "correction1@1" },
  { kind: "phase", phase: "backward", iteration: 0 },
  { kind: "phase", phase: "update", iteration: 4 },
  { kind: "random", seed: 71, count: 5, difficulty: "hard" },
];

function preset(name: string): Spec {
  const found = catalog.presets.find((each) => each.name === name);
  if (!found) throw new Error(name);
  return specOf(found, catalog);
}

type Edit = (spec: Spec, pick: (count: number) => number) => Spec;
const drawOf = ({ weights }: Spec): { from?: Draw } => {
  const from = weights.kind === "drawn" ? { scheme: weights.scheme, seed: weights.seed } : weights.from;
  return from ? { from } : {};
};
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
  (spec, pick) => withLearning(spec, { ...(spec.learning ?? learningOf(catalog, "adam")), numbers: { ...spec.learning?.numbers, learning_rate: (pick(1000) + 1) / 300 } }),
  (spec, pick) => {
    const schedule = catalog.schedules[pick(2)];
    const scheduleNumbers: Record<string, number> = schedule?.parameters.length && pick(2) ? { gamma: pick(1e6) / 3e5 } : {};
    const learning = learningOf(catalog, catalog.optimizers[pick(3)]?.name ?? "", {}, schedule?.name, scheduleNumbers);
    return withLearning(spec, { ...learning, switches: Object.fromEntries(Object.keys(learning.switches).map((name) => [name, pick(2) === 1])) });
  },
  (spec, pick) => ({ ...spec, l1: pick(2) * pick(1e9) / 3e8, l2: pick(1e9) / 3e8 }),
  (spec, pick) => ({ ...spec, start: pick(4) ? { step: pick(1e4), state: { t: pick(1e4), "mW[1]": [[pick(1e9) / 3e8, -1e-300]], "vb[1]": [pick(1e9) / 7e8] } } : null }),
  (spec) => ({ ...spec, precision: "float32" }),
  (spec, pick) => {
    const changed = switchesOf(catalog)[pick(3)];
    const choice = changed?.choices[pick(2)];
    return changed && choice ? { ...spec, conventions: withChoice(spec.conventions, changed, choice) } : spec;
  },
  (spec, pick) => ({ ...spec, weights: { kind: "given", ...drawOf(spec), layers: spec.sizes.slice(1).map((size, i) => ({
    W: Array.from({ length: size }, () => Array.from({ length: spec.sizes[i] ?? 1 }, () => pick(1e9) / 3e8 - 1)),
    b: Array.from({ length: size }, () => pick(1e9) / 3e8),
  })) } }),
];

test("given weights and long data stand behind the #, where no server reads them", () => {
  const spec = preset("small");
  const layers = [{ W: [[1, 2], [3, 4], [5, 6]], b: [1, 2, 3] }, { W: [[1, 2, 3], [4, 5, 6]], b: [0.5, -1e-20] }];
  const X = Array.from({ length: 300 }, (_, p) => [p / 7, 1 - p]);
  const long: Spec = { ...spec, weights: { kind: "given", layers, ...drawOf(spec) }, X, Y: X };
  const address = writePlace({ spec: long, view: FIRST_VIEW, at: null }, catalog);
  expect(address.split("#")[0]).toBe("?preset=small");
  expect(readPlace(address, catalog).place?.spec).toEqual(long);
  const { problems } = readPlace("?preset=small#w=1,2/3", catalog);
  expect(problems[0]).toContain("weights of 2-3-2");
});

test("a learning rate alone stays one word; more than that is the whole optimizer", () => {
  const spec = preset("small");
  const address = (learning: Spec["learning"]): string => writePlace({ spec: { ...spec, learning, l2: 0.01 }, view: FIRST_VIEW, at: null }, catalog);
  expect(address(learningOf(catalog, "gradient_descent", { learning_rate: 0.5 }))).toBe("?preset=small&lr=0.5&l2=0.01");
  expect(address(learningOf(catalog, "adam", { beta1: 0.8 }, "step", { period: 7 }))).toBe("?preset=small&opt=adam,beta1:0.8,schedule:step,period:7&l2=0.01");
});

test("another optimizer begins afresh; other numbers of the same one go on", () => {
  const start = { step: 7, state: { t: 7 } };
  const spec: Spec = { ...preset("small"), learning: learningOf(catalog, "adam"), start };
  expect(withLearning(spec, learningOf(catalog, "adam", { beta1: 0.5 })).start).toEqual(start);
  expect(withLearning(spec, learningOf(catalog, "rmsprop")).start).toBeNull();
  expect(withLearning(spec, learningOf(catalog, "adam", {}, "step")).start).toBeNull();
  expect(withSize(spec, 1, 5, catalog).start).toBeNull();
  expect(requestOf(spec, 0).start).toEqual(start);
  expect(requestOf({ ...spec, loss: null }, null).start).toBeNull();
});

describe.each(["small", "given"])("from the preset “%s”", (name) => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))("any state comes back from its address (%i)", (seed) => {
    const next = random(seed + 1);
    const pick = (count: number): number => Math.floor(next() * count);
    let spec = preset(name);
    for (let i = pick(6); i > 0; i--) spec = edits[pick(edits.length)]?.(spec, pick) ?? spec;
    const view = {
      lens: LENSES[pick(LENSES.length)] ?? "numbers",
      probe: { z: pick(1600) - 800, y: pick(2) ? (1 as const) : (0 as const) },
      sample: pick(2) ? pick(spec.X.length) : null,
      speed: SPEEDS[pick(SPEEDS.length)] ?? 1,
      digits: DIGITS[pick(DIGITS.length)] ?? 4,
      pin: pick(2) ? { tensor: "Z[1]@0", cell: pick(6) } : null,
      checked: { tensor: pick(2) ? "dW[1]" : "dA[0]", cell: pick(4) },
      nudge: pick(3) / 8,
      span: SPANS[pick(SPANS.length)] ?? 1,
      moved: pick(2) ? { tensor: pick(2) ? "W[1]" : "b[2]", cell: pick(4) } : null,
      branches: Array.from({ length: pick(3) }, () => ({ at: pick(4), learning: learningOf(catalog, catalog.optimizers[pick(catalog.optimizers.length)]?.name ?? "", { learning_rate: (pick(9) + 1) / 7 }) })),
      pair: { one: pick(3), other: pick(3), tensor: pick(2) ? "W[1]" : "L" },
      trail: [{ tensor: "L@0", cell: 0 }, { tensor: "m_hatW[1]@2", cell: 7 }, { tensor: "correction1@1", cell: 0 }].slice(pick(4)),
      way: WAYS[pick(WAYS.length)] ?? "back",
      hops: REACHES[pick(REACHES.length)] ?? "one",
      row: pick(2) ? pick(spec.X.length) : null,
      without: pick(2) ? [pick(spec.X.length)] : [],
      language: LANGUAGES[pick(2)] ?? "numpy",
      exercise: [null, ...EXERCISES][pick(1 + EXERCISES.length)] ?? null,
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
  "preset=nonsense", "sizes=2-x-2", "sizes=9-3-2", "act=tanh", "act=tanh,nothing", "loss=what", "lr=fast", "lr=0", "opt=adam,beta1:1", "opt=newton", "opt=adam,momentum:0.5", "l2=-1", "l1=x", "start=7", "start={\"step\":-1,\"state\":{}}", "start={\"step\":1,\"state\":{\"t\":\"x\"}}", "n=-1", "n=999", "seed=1.5",
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
test("2 to 17 digits can be chosen, plain and scientific, four decimals and fractions", () => {
  expect(DIGITS).toHaveLength(34);
  expect(DIGITS).toEqual(expect.arrayContaining([2, 17, "4f", "2e", "17e", "fractions"]));
});


test("rows and samples that the data no longer have are let go of", () => {
  const view = { ...FIRST_VIEW, sample: 2, row: 1, without: [0, 2] };
  expect(fitting(view, 3)).toBe(view);
  expect(fitting(view, 2)).toEqual({ ...view, sample: null, without: [0] });
  expect(fitting(view, 1)).toEqual({ ...view, sample: null, row: null, without: [] });
});

test("a trail that can't be read is left out, with a sentence", () => {
  const { place, problems } = readPlace("?preset=small&trail=Z[1]@0:1,nonsense&way=sideways&row=99&without=0", catalog);
  expect(place?.view).toEqual(FIRST_VIEW);
  expect(problems).toHaveLength(4);
});
