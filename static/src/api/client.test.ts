import { afterEach, expect, test, vi } from "vitest";
import { ApiError, Channel } from "./client";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

test("an older answer never follows a newer request, even if it comes later", async () => {
  const waiting: ((response: Response) => void)[] = [];
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => waiting.push(resolve)));
  const channel = new Channel();
  const first = channel.ask("/a", 1);
  const second = channel.ask("/a", 2);
  waiting[1]?.(json("new"));
  waiting[0]?.(json("old"));
  expect(await second).toBe("new");
  expect(await first).toBeNull();
});

test("a cancelled request gives nothing and no error", async () => {
  vi.stubGlobal("fetch", (_: string, { signal }: RequestInit) =>
    new Promise((_resolve, reject) => signal?.addEventListener("abort", () => { reject(new DOMException("", "AbortError")); })));
  const channel = new Channel();
  const answer = channel.ask("/a");
  channel.cancel();
  expect(await answer).toBeNull();
});

test("the server's sentence is the error", async () => {
  vi.stubGlobal("fetch", () =>
    Promise.resolve(json({ error: { code: "shape", message: "W must be 4 × 7.", where: ["network", "layers", 1] } }, 400)));
  const error = await new Channel().ask("/a", {}).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ kind: "refused", code: "shape", message: "W must be 4 × 7.", where: ["network", "layers", 1] });
});

test("no connection and an unreadable answer get a sentence too", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
  await expect(new Channel().ask("/a")).rejects.toMatchObject({ kind: "unreachable" });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("<html>")));
  await expect(new Channel().ask("/a")).rejects.toMatchObject({ kind: "broken" });
});

test("slow is said after 300 ms, and only while waiting", async () => {
  vi.useFakeTimers();
  let answer: (response: Response) => void = () => undefined;
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => { answer = resolve; }));
  const onslow = vi.fn();
  const pending = new Channel().ask("/a", undefined, onslow);
  vi.advanceTimersByTime(299);
  expect(onslow).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onslow).toHaveBeenCalledOnce();
  answer(json(1));
  expect(await pending).toBe(1);
});
