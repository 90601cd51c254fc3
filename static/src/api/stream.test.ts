import { afterEach, describe, expect, it, vi } from "vitest";
import { EventParser, eventsOf } from "./stream";

const TEXT = 'event: row\ndata: {"step":1}\nid: 1\n\n: still training\n\nevent: end\r\ndata: a\r\ndata: b\r\n\r\ndata:plain\n\n';
const EVENTS = [
  { event: "row", data: '{"step":1}', id: "1" },
  { event: "end", data: "a\nb", id: "1" },
  { event: "message", data: "plain", id: "1" },
];

afterEach(() => { vi.unstubAllGlobals(); });

function answer(pieces: readonly string[], status = 200): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  return new Response(body, { status });
}

async function all(events: AsyncGenerator<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const event of events) found.push(event);
  return found;
}

describe("the parser", () => {
  it("reads the same events whatever the pieces are", () => {
    for (let size = 1; size <= TEXT.length; size++) {
      const parser = new EventParser();
      const pieces = TEXT.match(new RegExp(`[^]{1,${String(size)}}`, "g")) ?? [];
      expect(pieces.flatMap((piece) => parser.take(piece))).toEqual(EVENTS);
    }
  });

  it("keeps back what isn't complete", () => {
    const parser = new EventParser();
    expect(parser.take("event: row\ndata: 1\n")).toEqual([]);
    expect(parser.take("\n")).toEqual([{ event: "row", data: "1", id: "" }]);
  });
});

describe("a stream", () => {
  it("gives its events in order, with letters that were cut in two", async () => {
    const bytes = new TextEncoder().encode("data: ∇L\n\n");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(body)));
    expect(await all(eventsOf("/x", {}, new AbortController().signal))).toEqual([{ event: "message", data: "∇L", id: "" }]);
  });

  it("raises the server's sentence", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(answer(['{"error":{"code":"limit","message":"Too many steps."}}'], 413)));
    await expect(all(eventsOf("/x", {}, new AbortController().signal))).rejects.toMatchObject({ message: "Too many steps.", code: "limit" });
  });

  it("ends silently where it was let go", async () => {
    const controller = new AbortController();
    vi.stubGlobal("fetch", () => {
      controller.abort();
      return Promise.reject(new DOMException("", "AbortError"));
    });
    expect(await all(eventsOf("/x", {}, controller.signal))).toEqual([]);
  });
});
