import { expect, test } from "vitest";
import { twoTwoOne as trace } from "../fixtures/traces";
import { timelineOf } from "../model/timeline";
import type { HopCount, Pin, Way } from "../state/view";
import type { NetworkPath } from "../views/types";
import { followedOf, networkPath, pathMarks, pathsOf, trailTo, type Paths } from "./paths";

const timeline = timelineOf(trace);
const at = (tensor: string, cell = 0): Pin => ({ tensor, cell });

function paths(tensor: string, way: Way, hops: HopCount = "all"): Paths {
  const found = pathsOf(trace, at(tensor), way, hops);
  if (!found) throw new Error(tensor);
  return found;
}

/** By tensor, the mark of its first cell that has one. */
function firstMarks(of: Paths, iteration = 0): Record<string, string | undefined> {
  return Object.fromEntries([...pathMarks(trace, timeline, of, iteration)].map(([id, own]) => [id, [...own.values()][0]]));
}

function onNetwork(of: Paths, iteration: number): NetworkPath {
  return networkPath(trace, timeline, of, pathMarks(trace, timeline, of, iteration), iteration);
}

test("one hop and what is farther look different, either way", () => {
  expect(firstMarks(paths("Z[2]@0", "both"))).toMatchObject({
    "W[2]@0": "operand-forward", "A[1]@0": "operand-forward", "A[0]@0": "far-forward", "Z[2]@0": "pinned",
    "A[2]@0": "fed", "Lp@0": "fed", "L@0": "far-fed",
  });
  expect(firstMarks(paths("Z[2]@0", "both", "one"))).toEqual({
    "W[2]@0": "operand-forward", "b[2]@0": "operand-forward", "A[1]@0": "operand-forward", "Z[2]@0": "pinned", "A[2]@0": "fed", "Lp@0": "fed",
  });
});

test("operands are marked by the pass that reads them, what is farther by the one that made it", () => {
  expect(firstMarks(paths("dZ[1]@0", "back"))).toMatchObject({
    "dA[1]@0": "operand-backward", "dZ[2]@0": "far-backward", "A[2]@0": "far-forward", "Z[1]@0": "far-forward",
  });
  expect(firstMarks(paths("dZ[2]@0", "back", "one"))).toEqual({ "A[2]@0": "operand-backward", "Y@0": "operand-backward", "dZ[2]@0": "pinned" });
});

test("a way that isn't followed has no marks", () => {
  expect(firstMarks(paths("Z[2]@0", "forward"))).not.toHaveProperty("W[2]@0");
  expect(firstMarks(paths("Z[2]@0", "back"))).not.toHaveProperty("A[2]@0");
});

test("the iterations before and after are marked too", () => {
  expect(firstMarks(paths("L@1", "back"), 1)).toHaveProperty("dW[1]@0");
  expect(firstMarks(paths("dW[1]@0", "forward"), 0)).toHaveProperty("Z[1]@1");
});

test("on the network is one iteration's part of the path, and its edges", () => {
  // Z[1]@1 is made from W[1]@1, and that from all of the iteration before; of it, Y alone is read in this one too.
  const made = onNetwork(paths("Z[1]@1", "back"), 1);
  expect([...made.neurons.keys()].sort()).toEqual(["0:0", "0:1", "1:0", "2:0"]);
  const fed = paths("Z[2]@1", "forward");
  expect([...onNetwork(fed, 1).edges.keys()].sort()).toEqual(["1:0:0", "1:0:1", "1:1:0", "1:1:1", "2:0:0", "2:0:1"]);
  expect(onNetwork(fed, 0).edges.size).toBe(0);
});

test("one hop from a pre-activation runs along no edge yet", () => {
  expect(onNetwork(paths("Z[1]@0", "forward", "one"), 0).edges.size).toBe(0);
  expect([...onNetwork(paths("A[1]@0", "forward", "one"), 0).edges.keys()]).toContain("2:0:0");
});

test("of what is as far, what made a number is listed latest first, what it feeds first first", () => {
  const ids = (tensor: string, way: Way): string[] => followedOf(paths(tensor, way, "one"), timeline).flatMap(({ groups }) => groups.map((group) => group.tensor));
  expect(ids("dZ[1]@0", "back")).toEqual(["slope[1]@0", "dA[1]@0"]);
  expect(ids("dZ[2]@0", "forward")).toEqual(["dW[2]@0", "db[2]@0", "dA[1]@0"]);
  expect(followedOf(paths("dZ[2]@0", "both"), timeline).map(({ way }) => way)).toEqual(["back", "forward"]);
});

test("the trail grows by each pin, goes back to one that is on it, and keeps where it began", () => {
  const [a, b, c, d] = [at("dW[1]@0"), at("dZ[1]@0"), at("dZ[1]@0", 2), at("Z[1]@0")];
  expect(trailTo([], null, a, 64)).toEqual([]);
  expect(trailTo([a], b, c, 64)).toEqual([a, b]);
  expect(trailTo([a, b, c], d, b, 64)).toEqual([a]);
  expect(trailTo([a, b], c, d, 2)).toEqual([a, c]);
});
