import { expect, test } from "vitest";
import { twoTwoOne as trace } from "../fixtures/traces";
import { timelineOf } from "../model/timeline";
import { pathMarks, pathsOf } from "./paths";
import { focusOf, litRoles, marksOf, networkMarks, placeOf, stepMarks } from "./marks";

const timeline = timelineOf(trace);
const stepAt = (result: string) => trace.steps[timeline.producers.get(result) ?? -1] ?? null;
const nothing = { focus: null, pin: null, term: null, paths: null };

function cells(result: string, tensor: string, cell: number, of: string): Record<string, string> {
  const marks = marksOf(trace, timeline, stepAt(result), { ...nothing, focus: { tensor, cells: [cell] } });
  return Object.fromEntries(marks.get(of) ?? []);
}

test("a result cell lights its operands up", () => {
  const of = (id: string) => cells("Z[1]@0", "Z[1]@0", 3, id);
  expect(of("A[0]@0")).toEqual({ 2: "operand-forward", 3: "operand-forward" });
  expect(of("W[1]@0")).toEqual({ 2: "operand-forward", 3: "operand-forward" });
  expect(of("b[1]@0")).toEqual({ 1: "operand-forward" });
  expect(of("Z[1]@0")).toEqual({ 3: "selected" });
});

test("an operand cell lights up what it feeds in the current step", () => {
  expect(cells("Z[1]@0", "A[0]@0", 2, "Z[1]@0")).toEqual({ 2: "fed", 3: "fed" });
  expect(cells("dW[2]@0", "A[1]@0", 0, "dW[2]@0")).toEqual({ 0: "fed" });
});

test("backward and update have their own mark", () => {
  expect(cells("dW[2]@0", "dW[2]@0", 1, "dZ[2]@0")[0]).toBe("operand-backward");
  expect(cells("W[1]@1", "W[1]@1", 1, "eta@0")).toEqual({ 0: "operand-backward" });
});

test("a pinned cell keeps its ring, and its operands while nothing else is pointed at", () => {
  const pin = { tensor: "Z[1]@0", cell: 0 };
  const found = pathsOf(trace, pin, "back", "one");
  const paths = found && pathMarks(trace, timeline, found, 0);
  expect(marksOf(trace, timeline, null, { ...nothing, pin, paths }).get("b[1]@0")?.get(0)).toBe("operand-forward");
  const both = marksOf(trace, timeline, null, { ...nothing, pin, paths, focus: { tensor: "Z[2]@0", cells: [0] } });
  expect(both.get("Z[1]@0")?.get(0)).toBe("pinned");
  expect(both.get("b[1]@0")).toBeUndefined();
});

test("marks go to neurons and edges through the axes", () => {
  const marks = marksOf(trace, timeline, stepAt("Z[1]@0"), { ...nothing, focus: { tensor: "Z[1]@0", cells: [3] } });
  const { neurons, edges } = networkMarks(trace, marks);
  expect([...edges.keys()].sort()).toEqual(["1:1:0", "1:1:1"]);
  expect([...neurons.keys()].sort()).toEqual(["0:0", "0:1", "1:1"]);
  expect(neurons.get("1:1")).toBe("selected");
  const loss = trace.tensors["L@0"];
  expect(loss && placeOf(loss, 0)).toBeNull();
});

test("a neuron stands for its column of the current step's result, an edge for its weight", () => {
  const step = stepAt("Z[1]@0");
  expect(focusOf(trace, step, { kind: "neuron", layer: 1, unit: 1 }, [])).toEqual({ tensor: "Z[1]@0", cells: [1, 3, 5] });
  expect(focusOf(trace, step, { kind: "edge", layer: 1, out: 1, in: 0 }, [])).toEqual({ tensor: "W[1]@0", cells: [2] });
  expect(focusOf(trace, step, { kind: "edge", layer: 2, out: 0, in: 1 }, ["W[2]@0"])).toEqual({ tensor: "W[2]@0", cells: [1] });
});

test("the formula lights up the roles whose tensors have marks", () => {
  const step = stepAt("Z[1]@0");
  const marks = marksOf(trace, timeline, step, { ...nothing, focus: { tensor: "A[0]@0", cells: [2] } });
  expect(litRoles(step, marks, null)).toEqual(new Set(["A", "result"]));
  expect(litRoles(step, stepMarks(trace, step), "W")).toEqual(new Set(["W", "result"]));
});
