import { describe, expect, test } from "vitest";
import { all, twoTwoOne } from "../fixtures/traces";
import { shapesOf } from "./cell";
import { ALL_HOPS, carriedEdges, feeds, hopGroups, madeFrom, tensorsIn, type Reach } from "./provenance";
import { fedCells, operandCells, parseRule } from "./rule";
import { timelineOf } from "./timeline";
import type { Step, Trace } from "./trace";

type Edge = readonly [from: string, to: string];

/** Every pair of an operand cell and a result cell, by the rule's cell-by-cell form. */
function pairs(trace: Trace): Edge[] {
  return trace.steps.flatMap((step) => pairsOf(trace, step));
}

function pairsOf(trace: Trace, step: Step): Edge[] {
  const { reads = "", roles = [] } = trace.equations[step.equation] ?? {};
  const shape = trace.tensors[step.result]?.shape ?? [];
  return (trace.tensors[step.result]?.data ?? []).flatMap((_, cell) =>
    [...operandCells(parseRule(reads, roles), shapesOf(step, trace), shape, cell)].flatMap(([role, cells]) =>
      cells.map((each): Edge => [`${step.operands[role] ?? ""}:${each}`, `${step.result}:${cell}`])));
}

/** Breadth first over single cells. */
function walked(edges: readonly Edge[], start: string): Map<string, number> {
  const hops = new Map([[start, 0]]);
  for (let front = [start]; front.length > 0; ) {
    const next = edges.filter(([from, to]) => front.includes(from) && !hops.has(to)).map(([, to]) => to);
    for (const cell of next) hops.set(cell, (hops.get(front[0] ?? "") ?? 0) + 1);
    front = [...new Set(next)];
  }
  return hops;
}

const plain = (reach: Reach): Map<string, number> =>
  new Map([...reach].flatMap(([id, hops]) => [...hops].flatMap((each, cell) => (each > 0 ? [[`${id}:${cell}`, each - 1] as const] : []))));

const sorted = (hops: Map<string, number>): [string, number][] => [...hops].sort(([a], [b]) => (a < b ? -1 : 1));

describe.each(all)("%s", (_, trace) => {
  const edges = pairs(trace);
  const back = edges.map(([from, to]): Edge => [to, from]);

  test("the closure is the walk over single cells, hop by hop, both ways", () => {
    for (const [tensor, { data }] of Object.entries(trace.tensors)) {
      const cell = data.length - 1;
      const start = `${tensor}:${cell}`;
      expect(sorted(plain(madeFrom(trace, { tensor, cell }))), `made ${start}`).toEqual(sorted(walked(back, start)));
      expect(sorted(plain(feeds(trace, { tensor, cell }))), `fed by ${start}`).toEqual(sorted(walked(edges, start)));
    }
  });

  test("one hop forward is what the rule's own cells say", () => {
    const step = trace.steps[0];
    if (!step) throw new Error("no step");
    const { reads = "", roles = [] } = trace.equations[step.equation] ?? {};
    const fed = fedCells(parseRule(reads, roles), shapesOf(step, trace), trace.tensors[step.result]?.shape ?? [], "W", 1);
    const hops = feeds(trace, { tensor: step.operands["W"] ?? "", cell: 1 }).get(step.result) ?? [];
    expect([...hops].flatMap((each, cell) => (each === 2 ? [cell] : []))).toEqual(fed);
  });
});

test("the second iteration's loss comes from every number of the first update", () => {
  const reach = madeFrom(twoTwoOne, { tensor: "L@1", cell: 0 });
  expect([...(reach.get("dW[1]@0") ?? [])].every((hops) => hops > 0)).toBe(true);
  expect(reach.has("dW[1]@1")).toBe(false);
  expect(feeds(twoTwoOne, { tensor: "L@1", cell: 0 }).size).toBe(1);
});

test("groups are nearest first and leave the cell itself out", () => {
  const timeline = timelineOf(twoTwoOne);
  const reach = madeFrom(twoTwoOne, { tensor: "Z[2]@0", cell: 0 });
  const near = hopGroups(reach, 1, timeline.producers);
  expect(near.map(({ tensor, cells, size }) => [tensor, cells, size])).toEqual([
    ["W[2]@0", [0, 1], 2],
    ["b[2]@0", [0], 1],
    ["A[1]@0", [0, 1], 6],
  ]);
  const all = hopGroups(reach, ALL_HOPS, timeline.producers);
  expect(all.map(({ tensor }) => tensor)).not.toContain("Z[2]@0");
  expect(all.at(-1)).toMatchObject({ nearest: 3, farthest: 3 });
  // X is read by dW itself, and by the pre-activations that its slope was made from.
  const gradient = hopGroups(madeFrom(twoTwoOne, { tensor: "dW[1]@0", cell: 0 }), ALL_HOPS, timeline.producers);
  expect(gradient.find(({ tensor }) => tensor === "A[0]@0")).toMatchObject({ cells: [0, 2, 4, 1, 3, 5], nearest: 1, farthest: 4 });
});

test("an iteration has the weights it starts from and those it makes", () => {
  const ids = tensorsIn(twoTwoOne, timelineOf(twoTwoOne), 0);
  for (const id of ["A[0]@0", "W[1]@0", "dW[1]@0", "W[1]@1", "Y@0"]) expect(ids).toContain(id);
  expect(ids).not.toContain("Z[1]@1");
});

test("a path runs along the edges of the units it passes, forward and backward", () => {
  const stepOf = (result: string): Step => {
    const found = twoTwoOne.steps.find((step) => step.result === result);
    if (!found) throw new Error(result);
    return found;
  };
  const forward = feeds(twoTwoOne, { tensor: "A[0]@0", cell: 1 });
  expect(carriedEdges(twoTwoOne, stepOf("Z[1]@0"), forward, ALL_HOPS).sort()).toEqual(["1:0:1", "1:1:1"]);
  expect(carriedEdges(twoTwoOne, stepOf("Z[2]@0"), forward, 1)).toEqual([]);
  const backward = feeds(twoTwoOne, { tensor: "dZ[2]@0", cell: 0 });
  expect(carriedEdges(twoTwoOne, stepOf("dA[1]@0"), backward, ALL_HOPS).sort()).toEqual(["2:0:0", "2:0:1"]);
});

test("a 64-64-64-10 network with 64 samples is closed over in one pass a tensor", () => {
  const trace = large();
  const reach = madeFrom(trace, { tensor: "Z[3]@0", cell: 0 });
  expect(reach.get("W[1]@0")?.every((hops) => hops > 0)).toBe(true);
  expect([...(reach.get("A[0]@0") ?? [])].filter((hops) => hops > 0)).toHaveLength(64);
});

function large(): Trace {
  const sizes = [64, 64, 64, 10];
  const tensors: Record<string, Trace["tensors"][string]> = {};
  const put = (symbol: string, layer: number, axes: string[], shape: number[]): string => {
    const id = `${symbol}[${layer}]@0`;
    const data = new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0);
    tensors[id] = { symbol, title: "", latex: symbol, layer, iteration: 0, axes, shape, data };
    return id;
  };
  let below = put("A", 0, ["samples", "units[0]"], [64, 64]);
  const steps = sizes.slice(1).map((size, index): Step => {
    const [layer, inputs] = [index + 1, sizes[index] ?? 0];
    const W = put("W", layer, [`units[${layer}]`, `units[${index}]`], [size, inputs]);
    const b = put("b", layer, [`units[${layer}]`], [size]);
    const result = put("Z", layer, ["samples", `units[${layer}]`], [64, size]);
    const operands = { A: below, W, b };
    below = result;
    return { phase: "forward", equation: "affine", operands, result };
  });
  const affine = { title: "", latex: "Z", reads: "sk,ok,o->so", roles: ["A", "W", "b"], cell: ["+", ["sum", ["*", "A", "W"]], "b"] };
  return { outcome: "complete", diverged: null, equations: { affine }, tensors, steps };
}
