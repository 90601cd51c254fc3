// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { catalog } from "../fixtures/catalog";
import { twoTwoOne } from "../fixtures/traces";
import { learningOf } from "../learning/learning";
import { goTo, pause, play, stepBack, stepForward, toEnd } from "./playback.svelte";
import type { Spec } from "./spec";
import { start, store, undo, update } from "./store.svelte";

const withRate = (spec: Spec, rate: number): Spec => ({ ...spec, learning: learningOf(catalog, "gradient_descent", { learning_rate: rate }) });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
let answer: () => Response = () => new Response(JSON.stringify(twoTwoOne));

beforeEach(async () => {
  answer = () => new Response(JSON.stringify(twoTwoOne));
  vi.stubGlobal("fetch", (path: string) =>
    Promise.resolve(path === "/api/catalog" ? new Response(JSON.stringify(catalog)) : answer()));
  history.replaceState(null, "", "/propagate?preset=small&at=3");
  await start();
});

test("the address says where to stand", () => {
  expect(store.at).toBe(3);
  expect(store.current?.result).toBe("Z[2]@0");
  expect(store.status.kind).toBe("ready");
});

test("stepping lands on whole steps, from between them too", () => {
  store.at = 3.4;
  stepForward();
  expect(store.at).toBe(4);
  store.at = 3.4;
  stepBack();
  expect(store.at).toBe(3);
  toEnd();
  expect(store.at).toBe(twoTwoOne.steps.length);
  stepForward();
  expect(store.at).toBe(twoTwoOne.steps.length);
  goTo(-5);
  expect(store.at).toBe(0);
});

test("pausing freezes exactly", async () => {
  play();
  await new Promise((resolve) => setTimeout(resolve, 60));
  pause();
  const { at } = store;
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(store.at).toBe(at);
  expect(at).toBeGreaterThan(3);
});

test("an edit is a new entry of the history; a move of the playhead isn't", async () => {
  const before = store.undoable;
  expect(store.redoable).toBe(0);
  goTo(5);
  expect(store.undoable).toBe(before);
  if (store.spec) update({ spec: withRate(store.spec, 0.5) });
  expect(store.undoable).toBe(before + 1);
  expect(location.search).toBe("?preset=small&lr=0.5&at=5");
  expect(store.isStale).toBe(true);
  await settled();
  expect(store.isStale).toBe(false);
});

test("the entry before an edit keeps where the playhead stood", () => {
  const written: string[] = [];
  const spies = (["replaceState", "pushState"] as const).map((how) =>
    vi.spyOn(history, how).mockImplementation((_, __, url) => { written.push(`${how} ${String(url)}`); }));
  goTo(4);
  goTo(5);
  if (store.spec) update({ spec: withRate(store.spec, 0.6) });
  for (const spy of spies) spy.mockRestore();
  expect(written.at(-2)).toMatch(/^replaceState .*at=5/);
  expect(written.at(-1)).toMatch(/^pushState .*lr=0.6/);
});

test("when an edit fails, the last good trace stays and is marked as out of date", async () => {
  answer = () => new Response(JSON.stringify({ error: { code: "x", message: "No." } }), { status: 400 });
  if (store.spec) update({ spec: withRate(store.spec, 0.7) });
  await settled();
  expect(store.status).toEqual({ kind: "failed", message: "No." });
  expect(store.trace?.steps).toHaveLength(twoTwoOne.steps.length);
  expect(store.isOutOfDate).toBe(true);
});

const answerOf = (steps: number): Response =>
  new Response(JSON.stringify({ ...twoTwoOne, steps: twoTwoOne.steps.slice(0, steps) }));

test("an edit that ends the trace early doesn't lose one's place", async () => {
  goTo(5);
  answer = () => answerOf(0);
  if (store.spec) update({ spec: withRate(store.spec, 0.8) });
  await settled();
  expect(store.at).toBe(0);
  answer = () => answerOf(twoTwoOne.steps.length);
  undo();
  expect(location.search).toContain("at=5");
  await settled();
  expect(store.at).toBe(5);
});

test("who moves the playhead meanwhile stays there", async () => {
  goTo(5);
  answer = () => answerOf(4);
  if (store.spec) update({ spec: withRate(store.spec, 0.9) });
  await settled();
  stepBack();
  toEnd();
  expect(store.at).toBe(4);
  answer = () => answerOf(twoTwoOne.steps.length);
  undo();
  await settled();
  expect(store.at).toBe(4);
});
