import { beforeEach, expect, test, vi } from "vitest";
import { catalog } from "../fixtures/catalog";
import { specOf } from "../state/spec";
import type { Traced } from "../state/store.svelte";
import { fractions } from "./fractions.svelte";

const preset = catalog.presets[0];
if (!preset) throw new Error("no preset");
const spec = specOf(preset, catalog);
const [one, other]: Traced[] = [{ spec, sample: null }, { spec, sample: 1 }];
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
let answers: ((response: Response) => void)[] = [];
const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  answers = [];
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => { answers.push(resolve); }));
  fractions.follow(null);
});

test("a fraction is its own trace's: an older one never stands beside newer numbers", async () => {
  fractions.follow(one ?? null);
  expect(fractions.at("Z[1]@0", 0)).toBeUndefined();
  answers[0]?.(json({ fractions: { "Z[1]@0": ["-3/8", null], "A[1]@0": null } }));
  await settled();
  expect([0, 1, 2].map((cell) => fractions.at("Z[1]@0", cell))).toEqual(["-3/8", null, null]);
  expect([fractions.at("A[1]@0", 0), fractions.at("W[9]@0", 0)]).toEqual([null, null]);
  fractions.follow(other ?? null);
  expect(fractions.at("Z[1]@0", 0)).toBeUndefined();
  answers[1]?.(json({ fractions: { "Z[1]@0": ["1/2"] } }));
  await settled();
  expect(fractions.at("Z[1]@0", 0)).toBe("1/2");
  fractions.follow(null);
  expect(fractions.at("Z[1]@0", 0)).toBeUndefined();
});

test("what an iteration shares is taken from the first, what is its own from itself", async () => {
  fractions.follow(one ?? null);
  answers[0]?.(json({ fractions: { "eta@0": ["1/10"], "k@0": ["1"], "k@2": ["3"] } }));
  await settled();
  expect(fractions.during("eta", 2)).toBe("1/10");
  expect(fractions.during("k", 2)).toBe("3");
});

test("a refusal is said, and then no number has a fraction", async () => {
  fractions.follow({ spec, sample: null });
  answers[0]?.(json({ error: { code: "limit", message: "At most 100,000 terms." } }, 413));
  await settled();
  expect(fractions.failure).toBe("At most 100,000 terms.");
  expect(fractions.at("Z[1]@0", 0)).toBeNull();
  fractions.follow(other ?? null);
  expect(fractions.failure).toBeNull();
});
