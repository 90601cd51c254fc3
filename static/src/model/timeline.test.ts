import { expect, test } from "vitest";
import { adamwStep, all, nesterovSteps, softmaxSquared, twoTwoOne } from "../fixtures/traces";
import { currentVersion, groupsOf, isComputed, momentAt, timelineOf, versionsOf } from "./timeline";

const timeline = timelineOf(twoTwoOne);

test("spans follow the phases and iterations without a gap", () => {
  expect(timeline.spans.map(({ phase, iteration }) => `${phase} ${iteration}`)).toEqual(
    [0, 1].flatMap((k) => ["forward", "loss", "backward", "update"].map((phase) => `${phase} ${k}`)),
  );
  expect(timeline.spans[0]?.start).toBe(0);
  timeline.spans.forEach((span, i) => { expect(timeline.spans[i + 1]?.start ?? timeline.length).toBe(span.end); });
  expect(timeline.iterations).toBe(2);
  expect(timelineOf(softmaxSquared).iterations).toBe(1);
});

test("a moment is a step and how far it is", () => {
  expect(momentAt(0, 5)).toEqual({ step: 0, progress: 0 });
  expect(momentAt(2, 5)).toEqual({ step: 1, progress: 1 });
  expect(momentAt(2.25, 5)).toEqual({ step: 2, progress: 0.25 });
  expect(momentAt(9, 5).step).toBe(4);
  expect(momentAt(1, 0)).toEqual({ step: 0, progress: 0 });
});

test("inputs are always there; a result only after its step", () => {
  expect(isComputed(timeline, "W[1]@0", 0)).toBe(true);
  expect(isComputed(timeline, "Z[1]@0", 0)).toBe(false);
  expect(isComputed(timeline, "Z[1]@0", 1)).toBe(true);
});

test("weights change when their update is done", () => {
  const versions = versionsOf(twoTwoOne).get("W[1]");
  expect(versions).toEqual(["W[1]@0", "W[1]@1", "W[1]@2"]);
  const update = timeline.producers.get("W[1]@1") ?? 0;
  expect(currentVersion(timeline, versions, update)).toBe("W[1]@0");
  expect(currentVersion(timeline, versions, update + 1)).toBe("W[1]@1");
  expect(currentVersion(timeline, versions, timeline.length)).toBe("W[1]@2");
});

test("every tensor is in the groups of the iterations", () => {
  const listed = new Set([0, 1].flatMap((k) => groupsOf(twoTwoOne, k).flatMap(({ ids }) => ids)));
  expect(listed).toEqual(new Set(Object.keys(twoTwoOne.tensors)));
  const layer = groupsOf(twoTwoOne, 0).find(({ title }) => title === "Layer 1");
  expect(layer?.ids).toEqual(
    ["W[1]@0", "b[1]@0", "Z[1]@0", "A[1]@0", "dA[1]@0", "slope[1]@0", "dZ[1]@0", "dW[1]@0", "db[1]@0", "W[1]@1", "b[1]@1"],
  );
});

test("iterations have the numbers of the training that they go on with", () => {
  const steps = timelineOf(nesterovSteps);
  expect([steps.first, steps.iterations, steps.iterationOf[0], steps.iterationOf.at(-1)]).toEqual([3, 2, 3, 4]);
  expect(timelineOf({ steps: [] })).toMatchObject({ first: 0, iterations: 1 });
});

test.each(all)("every tensor of %s is in the groups of its iterations", (_, trace) => {
  const { first, iterations } = timelineOf(trace);
  const listed = new Set(Array.from({ length: iterations }, (_, k) => groupsOf(trace, first + k).flatMap(({ ids }) => ids)).flat());
  expect(listed).toEqual(new Set(Object.keys(trace.tensors)));
});

test("what the optimizer keeps stands with its layer, its numbers by themselves", () => {
  const groups = new Map(groupsOf(adamwStep, 7).map(({ title, ids }) => [title, ids]));
  expect([...groups.keys()]).toEqual(["Data", "Layer 1", "Layer 2", "Loss", "Learning"]);
  const layer = groups.get("Layer 2") ?? [];
  expect(layer.slice(0, 2)).toEqual(["W[2]@7", "b[2]@7"]);
  expect(layer.slice(-2)).toEqual(["W[2]@8", "b[2]@8"]);
  expect(layer).toEqual(expect.arrayContaining(["mW[2]@7", "rW[2]@7", "mW[2]@8", "m_hatW[2]@7"]));
  expect(groups.get("Loss")).toEqual(["Lp@7", "L@7", "R[1]@7", "R[2]@7"]);
  expect(groups.get("Learning")).toEqual(expect.arrayContaining(["eta0@0", "k@7", "k@8", "eta@7", "t@8", "correction1@7", "l1@0"]));
});
