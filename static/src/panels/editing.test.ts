// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { catalog } from "../fixtures/catalog";
import { twoTwoOne } from "../fixtures/traces";
import type { Trace } from "../model/trace";
import { withDrawn, withSize } from "../state/spec";
import { redo, start, store, undo, update } from "../state/store.svelte";
import { changes, markedAgainst } from "./changes.svelte";
import { put } from "./editing.svelte";
import { toggleSample } from "./pointing.svelte";

type Answer = (trace: Trace) => void;

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
/** The requests for a trace, each answered when the test says so. */
let asked: Answer[] = [];

async function answer(number: number, trace = twoTwoOne): Promise<void> {
  asked[number]?.(trace);
  await settled();
}

/** The trace with another number in one of its cells. */
function withCell(id: string, value: number): Trace {
  const copy = structuredClone(twoTwoOne);
  const tensor = copy.tensors[id];
  if (!tensor) throw new Error(id);
  return { ...copy, tensors: { ...copy.tensors, [id]: { ...tensor, data: tensor.data.map((old, cell) => (cell === 0 ? value : old)) } } };
}

const X = (): number | undefined => store.spec?.X[0]?.[0];

beforeEach(async () => {
  asked = [];
  vi.stubGlobal("fetch", (path: string, { signal }: RequestInit = {}) => {
    if (path === "/api/catalog") return Promise.resolve(new Response(JSON.stringify(catalog)));
    return new Promise<Response>((resolve, reject) => {
      // As an object: JSON.stringify would make 0 of −0.
      asked.push((trace) => { resolve({ ok: true, json: () => Promise.resolve(structuredClone(trace)) } as Response); });
      signal?.addEventListener("abort", () => { reject(new DOMException("", "AbortError")); });
    });
  });
  history.replaceState(null, "", "/propagate?preset=small&at=3");
  const ready = start();
  await settled();
  await answer(0);
  await ready;
});

test("a gesture asks for two answers at most, the newest number last, and nothing old stands as current", async () => {
  for (const value of [5, 6, 7, 8]) put("A[0]@0", 0, value, "drag");
  expect(X()).toBe(8);
  expect(asked).toHaveLength(3);
  await answer(1);
  expect(store.traced?.spec.X[0]?.[0]).toBe(5);
  expect([store.isStale, store.status.kind]).toEqual([true, "loading"]);
  expect(asked).toHaveLength(4);
  await answer(3);
  expect(store.traced?.spec.X[0]?.[0]).toBe(8);
  expect([store.isStale, store.status.kind]).toEqual([false, "ready"]);
  // The answer in between comes last, and is left out.
  await answer(2);
  expect(store.traced?.spec.X[0]?.[0]).toBe(8);
});

test("an answer on the way to the newest one leaves the waiting as it was", async () => {
  for (const value of [5, 6]) put("A[0]@0", 0, value, "slow");
  store.status = { kind: "loading", isSlow: true };
  await answer(1);
  expect(store.traced?.spec.X[0]?.[0]).toBe(5);
  expect(store.isOutOfDate).toBe(true);
  await answer(2);
  expect([store.isOutOfDate, store.status.kind]).toEqual([false, "ready"]);
});

test("a size with numbers still to be drawn is one edit, which has them once they are there", async () => {
  put("W[1]@0", 0, 0.5);
  await answer(1);
  const before = store.undoable;
  if (store.spec) update({ spec: withSize(store.spec, 1, 4, catalog) });
  expect(store.spec?.weights).toHaveProperty("kept");
  await answer(2);
  await answer(3);
  expect(store.spec?.weights.kind).toBe("given");
  expect(store.undoable).toBe(before + 1);
  undo();
  expect(store.spec?.sizes).toEqual([2, 3, 2]);
  redo();
  expect(store.spec?.sizes).toEqual([2, 4, 2]);
  expect(store.spec?.weights.kind).toBe("given");
});

test("a gesture is one edit, whatever is looked at meanwhile, and is compared with what was there before it", async () => {
  const [first, before] = [X(), store.undoable];
  const old = store.received;
  put("A[0]@0", 0, 5, "move");
  await answer(1, withCell("A[0]@0", 5));
  update({ view: { hops: "all" } });
  put("A[0]@0", 0, 6, "move");
  await answer(2, withCell("A[0]@0", 6));
  expect(store.undoable).toBe(before + 1);
  expect(store.before).toBe(old);
  expect(changes.count?.changed).toBe(1);
  undo();
  expect(X()).toBe(first);
  expect(store.before?.tensors["A[0]@0"]?.data[0]).toBe(6);
  redo();
  expect(X()).toBe(6);
});

test("the number that is there already is no edit", () => {
  const before = store.undoable;
  expect(put("A[0]@0", 0, X() ?? NaN)).toBe(true);
  expect(store.undoable).toBe(before);
  expect(asked).toHaveLength(1);
});

test("a drawn weight waits for its draw, and a row for its own trace", async () => {
  if (store.spec) update({ spec: withDrawn(store.spec, "torch_linear", 2) });
  expect(put("W[1]@0", 0, 3)).toBe(false);
  await answer(1);
  update({ view: { sample: 1 } });
  expect(put("A[0]@0", 0, 3)).toBe(false);
  expect(store.spec?.X).toEqual(catalog.presets[0]?.request.X);
});

test("an undo brings the sample back too, and another sample's numbers are compared with none", async () => {
  put("A[0]@0", 0, 5);
  await answer(1, withCell("A[0]@0", 5));
  expect(markedAgainst("A[0]@0")).not.toBeNull();
  update({ view: { sample: 1 } });
  expect(store.before).toBeNull();
  await answer(2);
  undo();
  expect(store.view.sample).toBeNull();
  redo();
  expect(store.view.sample).toBe(1);
});

test("a 0 that became −0 has changed; so has a number of a later iteration, and none of another shape", async () => {
  put("A[0]@0", 0, 5);
  await answer(1, withCell("W[1]@1", 0));
  put("A[0]@0", 0, 6);
  await answer(2, withCell("W[1]@1", -0));
  expect(changes.count?.changed).toBe(1);
  const other = { ...twoTwoOne.tensors["b[1]@0"], shape: [1], data: [9] } as Trace["tensors"][string];
  put("A[0]@0", 0, 7);
  await answer(3, { ...withCell("W[1]@1", 0), tensors: { ...withCell("W[1]@1", 0).tensors, "b[1]@0": other } });
  expect(changes.count?.changed).toBe(1);
});

test("a pin that the new trace doesn't have is let go, and its crumbs with it", async () => {
  update({ view: { pin: { tensor: "W[1]@0", cell: 0 }, trail: [{ tensor: "A[0]@0", cell: 5 }, { tensor: "Z[1]@0", cell: 1 }] } });
  const others = Object.fromEntries(Object.entries(twoTwoOne.tensors).filter(([id]) => id !== "W[1]@0"));
  put("A[0]@0", 0, 5);
  const short = { ...twoTwoOne.tensors["A[0]@0"], shape: [2, 2], data: [1, 2, 3, 4] } as Trace["tensors"][string];
  await answer(1, { ...twoTwoOne, tensors: { ...twoTwoOne.tensors, "A[0]@0": short } });
  expect(store.view).toMatchObject({ pin: { tensor: "W[1]@0" }, trail: [{ tensor: "Z[1]@0" }] });
  put("A[0]@0", 0, 6);
  await answer(2, { ...twoTwoOne, tensors: others });
  expect(store.view).toMatchObject({ pin: null, trail: [] });
});

test("one sample at least stays in the sums", () => {
  toggleSample(1, 2);
  toggleSample(0, 2);
  expect(store.view.without).toEqual([1]);
  toggleSample(1, 2);
  expect(store.view.without).toEqual([]);
});
