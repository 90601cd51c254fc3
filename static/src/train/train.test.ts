import { describe, expect, it } from "vitest";
import { catalog, line, three, two } from "./fixture";
import { histogramOf } from "./histogram";
import { indexAt, TrainRun } from "./run.svelte";
import { fitting, isAnother, lossObjection, outputObjection, requestOf, specOf, withData, withFeatures, withLoss, type Spec } from "./spec";
import type { Row, Snapshot } from "./types";
import { readPlace, writePlace, type Place } from "./url";

const request = catalog.train_presets[0]?.request;
if (!request) throw new Error("The fixture has no preset.");
const spec = specOf(request, catalog);
const loss = (name: string): (typeof catalog.losses)[number] => catalog.losses.find((each) => each.name === name) ?? { name: "", title: "", latex: "", outputs: [], targets: "" };
const place: Place = { spec, preset: "first", step: null, speed: 1, neuron: null, sample: null, showTest: true, discretise: false };
const row = (step: number): Row => ({ step, epoch: 0, loss: 1, penalty: 0, test_loss: null, accuracy: null, test_accuracy: null, learning_rate: 0.1, gradient_norm: [], saturated: [], dead: [], seconds: null });
const snapshot = (step: number): Snapshot => ({ step, layers: [{ W: [[step]], b: [0] }], state: { t: step } });

describe("a request", () => {
  it("is read and written without loss", () => {
    expect(requestOf(spec, two)).toMatchObject({ ...request, optimizer: { name: "adam", learning_rate: 0.01, beta1: 0.9 }, from: null });
  });

  it("takes its inputs and outputs from the data", () => {
    expect(requestOf({ ...spec, hidden: [] }, three).network).toMatchObject({ sizes: [2, 3] });
  });

  it("gives weights only where they fit", () => {
    const layers = [{ W: [[1, 2]], b: [0.5] }];
    const given: Spec = { ...spec, hidden: [], weights: { kind: "given", layers } };
    expect(requestOf(given, two).network).toEqual({ layers: [{ W: [[1, 2]], b: [0.5], activation: "sigmoid" }] });
    expect(requestOf(given, three).network).toHaveProperty("init");
  });
});

describe("an edit", () => {
  it("of the learning goes on, of the network begins afresh", () => {
    expect(isAnother(spec, { ...spec, l2: 0.1, batch: null, epochs: 3 })).toBe(false);
    expect(isAnother(spec, { ...spec, hidden: [] })).toBe(true);
    expect(isAnother(spec, { ...spec, weights: { kind: "drawn", scheme: "zeros", seed: 0 } })).toBe(true);
  });

  it("of the features begins afresh, and they stay with other data of two inputs", () => {
    const given: Spec = { ...spec, weights: { kind: "given", layers: [] } };
    const next = withFeatures(given, ["x1_x2", "x1"], catalog);
    expect(next.data.features).toEqual(["x1", "x1_x2"]);
    expect(next.weights.kind).toBe("drawn");
    expect(isAnother(given, next)).toBe(true);
    expect(JSON.stringify(withFeatures(next, ["x2", "x1"], catalog).data)).toBe(JSON.stringify(spec.data));
    expect(withData(next, { name: "three" }, catalog).data.features).toEqual(["x1", "x1_x2"]);
    expect(withData(next, { name: "line" }, catalog).data.features).toBeUndefined();
    expect(readPlace(writePlace({ ...place, spec: next }, catalog), catalog).place?.spec.data).toEqual(next.data);
  });

  it("of the loss brings its output and the targets that it takes", () => {
    const next = withLoss(spec, "cross_entropy", two, catalog);
    expect(next).toMatchObject({ output: "softmax", data: { name: "two", one_hot: true } });
    expect(withLoss(next, "binary_cross_entropy", two, catalog)).toMatchObject({ output: "softmax", data: { one_hot: true } });
    expect(withLoss(spec, "mse", two, catalog)).toMatchObject({ output: "sigmoid", data: { name: "two" } });
  });

  it("of the data brings the loss of their kind", () => {
    expect(withData(spec, { name: "line" }, catalog)).toMatchObject({ loss: "mse", output: "identity" });
    expect(withData(spec, { name: "three" }, catalog)).toMatchObject({ loss: "cross_entropy", output: "softmax" });
    expect(fitting(spec, two, catalog)).toBe(spec);
    expect(fitting(spec, three, catalog)).toMatchObject({ loss: "cross_entropy", output: "softmax" });
    expect(fitting(spec, line, catalog)).toMatchObject({ loss: "mse", output: "identity" });
  });

  it("is refused with the reason", () => {
    expect(lossObjection(loss("cross_entropy"), line, catalog)).toBe("for classes only");
    expect(lossObjection(loss("mse"), line, catalog)).toBeNull();
    expect(outputObjection(loss("binary_cross_entropy"), "tanh", two, catalog)).toBe("not with binary cross entropy");
    expect(outputObjection(loss("mse"), "softmax", two, catalog)).toBe("for more than one output");
  });
});

describe("the address", () => {
  const back = (given: Place): Place | null => {
    const { place: found, problems } = readPlace(writePlace(given, catalog), catalog);
    expect(problems).toEqual([]);
    return found;
  };

  it("names the preset alone where nothing is changed", () => {
    expect(writePlace(place, catalog)).toBe("?preset=first");
  });

  it("holds every setting", () => {
    const other: Place = {
      ...place,
      spec: {
        data: { name: "two", samples: 50, test_share: 0, standardise: true }, hidden: [{ units: 5, activation: "sigmoid" }, { units: 2, activation: "tanh" }], output: "tanh",
        weights: { kind: "drawn", scheme: "zeros", seed: 7 }, loss: "mse",
        learning: { method: "gradient_descent", numbers: { learning_rate: 0.3 }, switches: {}, schedule: "step", scheduleNumbers: { gamma: 0.25 } },
        batch: null, shuffleSeed: 3, epochs: 55, l1: 0.001, l2: 0.5, stop: { lossChange: 1e-9, gradientNorm: 0.01, require: "both" },
      },
      step: 12, speed: 2, neuron: { layer: 2, unit: 1 }, sample: 3, showTest: false, discretise: true,
    };
    expect(back(other)).toEqual(other);
    expect(back({ ...place, spec: { ...spec, hidden: [] } })?.spec.hidden).toEqual([]);
  });

  it("holds weights with every digit, and long data behind the #", () => {
    const layers = [{ W: [[0.1 + 0.2, -1e-300]], b: [1 / 3] }];
    const given: Place = { ...place, spec: { ...spec, hidden: [], weights: { kind: "given", layers } } };
    expect(back(given)?.spec.weights).toEqual({ kind: "given", layers });
    const text = "a,b\n".repeat(600);
    const table: Place = { ...place, spec: { ...spec, data: { table: { text } } } };
    expect(writePlace(table, catalog)).toMatch(/^\?preset=first#data=/);
    expect(back(table)?.spec.data).toEqual({ table: { text } });
  });

  it.each(["epochs=0", "batch=-1", "net=0:tanh", "net=3:nonsense", "w=zeros:-1", "w=1,2;x", "opt=newton", "opt=adam,beta1:3", "loss=x", "at=-1", "el=0", "data=[]", "preset=x"])("leaves %s out with a sentence", (pair) => {
    const { place: found, problems } = readPlace(`?${pair}`, catalog);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`“${pair}” in the address isn't`);
    expect(found?.spec).toEqual(spec);
  });
});

describe("a run", () => {
  const started = (): TrainRun => {
    const run = new TrainRun("A", spec, two);
    run.take([{ kind: "row", data: row(0) }, { kind: "snapshot", data: snapshot(0) }, { kind: "row", data: row(2) }, { kind: "snapshot", data: snapshot(2) }]);
    return run;
  };

  it("keeps a moment that is told again once", () => {
    const run = started();
    run.take([{ kind: "row", data: row(2) }, { kind: "snapshot", data: snapshot(2) }, { kind: "snapshot", data: snapshot(3) }]);
    expect(run.snapshots.map(({ step }) => step)).toEqual([0, 2, 3]);
    expect(run.rows.map(({ step }) => step)).toEqual([0, 2]);
  });

  it("goes on from its newest moment", () => {
    expect(started().request({ steps: 3, every: 1 })).toMatchObject({ from: snapshot(2), steps: 3, rows_every: 1, snapshots_every: 1, epochs: 10 });
    expect(new TrainRun("A", spec, two).request().from).toBeNull();
  });

  it("counts the last, shorter batch as a step", () => {
    expect(started().perEpoch).toBe(2);
    expect(new TrainRun("A", { ...spec, batch: null }, two).perEpoch).toBe(1);
    expect(new TrainRun("A", { ...spec, batch: 99 }, two).perEpoch).toBe(1);
  });

  it("records fewer moments of a large network", () => {
    const long: Spec = { ...spec, epochs: 10_000 };
    const moments = (given: Spec): number => 20_000 / (new TrainRun("A", given, two).request().snapshots_every ?? 1);
    expect(moments(long)).toBeGreaterThan(200);
    expect(moments({ ...long, hidden: [{ units: 300, activation: "tanh" }, { units: 300, activation: "tanh" }] })).toBeLessThan(60);
  });

  it("lets a moment that only the clock asked for pass, unless somebody looks at it", () => {
    const run = new TrainRun("A", spec, two);
    run.request({ every: 10 });
    const steps = (...come: number[]): number[] => {
      run.take(come.map((step) => ({ kind: "snapshot", data: snapshot(step) })));
      return run.snapshots.map(({ step }) => step);
    };
    expect(steps(0, 3)).toEqual([0, 3]);
    expect(steps(5, 10, 12, 14)).toEqual([0, 10, 14]);
    run.keep();
    expect(steps(17)).toEqual([0, 10, 14, 17]);
    expect(steps(20)).toEqual([0, 10, 14, 20]);
    expect(steps(21, 22)).toEqual([0, 10, 14, 20, 22]);
  });

  it("begins a branch with the moment that it leaves from", () => {
    const branch = new TrainRun("B", spec, two, { letter: "A", snapshot: snapshot(2), row: row(2) });
    expect(branch.branchedFrom).toEqual({ letter: "A", step: 2 });
    expect(branch.request().from).toEqual(snapshot(2));
  });
});

it("finds the last moment that isn't after a step", () => {
  const entries = [0, 2, 5].map((step) => ({ step }));
  expect([-1, 0, 1, 2, 4, 5, 9].map((step) => indexAt(entries, step))).toEqual([-1, 0, 0, 1, 1, 2, 2]);
  expect(indexAt([], 3)).toBe(-1);
});

it("spreads weights over bins around 0", () => {
  expect(histogramOf([-1, 0, 0.1, 1], 3).counts).toEqual([1, 2, 1]);
  expect(histogramOf([0], 3)).toEqual({ reach: 1, counts: [0, 1, 0] });
});
