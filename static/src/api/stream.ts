/** Server-sent events as the answer to a POST, which EventSource can't send. */
import { failure, refusal } from "./client";

export interface ServerEvent {
  event: string;
  data: string;
  id: string;
}

/** Cuts a stream of text into events, whatever its pieces are. Lines end with \n, \r\n or \r; a colon begins a comment. */
export class EventParser {
  #rest = "";
  #event = "";
  #data: string[] = [];
  #id = "";

  /** The events that this piece completes. */
  take(piece: string): ServerEvent[] {
    // A \r at the end may be half of a \r\n.
    const text = this.#rest + piece;
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + text.slice(end);
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): ServerEvent[] {
    if (line === "") return this.#finish();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id") this.#id = value;
    return [];
  }

  #finish(): ServerEvent[] {
    const found = this.#data.length > 0 ? [{ event: this.#event || "message", data: this.#data.join("\n"), id: this.#id }] : [];
    this.#event = "";
    this.#data = [];
    return found;
  }
}

/**
 * The events of an answer, as they come; ends with the stream, or silently when `signal` says so.
 * Raises ApiError where the server refuses or goes away.
 */
export async function* eventsOf(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  try {
    const headers = { accept: "text/event-stream", "content-type": "application/json" };
    const response = await fetch(path, { method: "POST", body: JSON.stringify(body), headers, signal });
    if (!response.ok || !response.body) throw await refusal(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser();
    try {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield* parser.take(piece.value);
    } finally {
      // Whoever leaves the loop early lets the server stop.
      void reader.cancel().catch(() => undefined);
    }
  } catch (error) {
    if (!signal.aborted) throw failure(error);
  }
}
