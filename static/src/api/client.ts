/** The only module that talks to the server. */
export type Failure = "refused" | "unreachable" | "timeout" | "broken";

/** Why an answer didn't come, in a sentence to show. */
export class ApiError extends Error {
  readonly kind: Failure;
  readonly code: string;
  readonly where: readonly (string | number)[];

  constructor(kind: Failure, message: string, code: string = kind, where: readonly (string | number)[] = []) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.where = where;
  }
}

const TIMEOUT = 30_000;
const SLOW = 300;

interface ErrorBody {
  error?: { code?: string; message?: string; where?: (string | number)[] };
}

/** The error of an answer that isn't what was asked for. */
export async function refusal(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const { code = String(response.status), message, where = [] } = body.error ?? {};
  return new ApiError("refused", message ?? `The server answered with status ${String(response.status)}.`, code, where);
}

async function ask<T>(path: string, body: unknown, signal: AbortSignal): Promise<T> {
  const request: RequestInit = { signal, headers: { accept: "application/json" } };
  if (body !== undefined) {
    request.method = "POST";
    request.body = JSON.stringify(body);
    request.headers = { accept: "application/json", "content-type": "application/json" };
  }
  const response = await fetch(path, request);
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

/** Any error as the one shape that the page shows. */
export function failure(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError") return new ApiError("timeout", "The server took longer than 30 s. Try a smaller network.");
  if (error instanceof SyntaxError) return new ApiError("broken", "The server's answer couldn't be read. Try again.");
  return new ApiError("unreachable", "The server can't be reached. Check that it is running, then try again.");
}

/** Requests of one kind: the latest wins, an older answer is never delivered after a newer one. */
export class Channel {
  #asked = 0;
  /** What was asked up to here has been answered, or isn't wanted any more. */
  #settled = 0;
  readonly #controllers = new Set<AbortController>();

  /** The answer, or null where a newer one or a cancel came first. A new request ends those before it. `onslow` is called after 300 ms. */
  async ask<T>(path: string, body?: unknown, onslow: () => void = () => undefined): Promise<T | null> {
    this.cancel();
    return this.askAlso<T>(path, body, onslow);
  }

  /** As `ask`, beside the requests that are on their way. */
  async askAlso<T>(path: string, body?: unknown, onslow: () => void = () => undefined): Promise<T | null> {
    const own = ++this.#asked;
    const controller = new AbortController();
    this.#controllers.add(controller);
    const timer = setTimeout(() => {
      if (own > this.#settled) onslow();
    }, SLOW);
    try {
      const answer = await ask<T>(path, body, AbortSignal.any([controller.signal, AbortSignal.timeout(TIMEOUT)]));
      return this.#isNewest(own) ? answer : null;
    } catch (error) {
      if (!this.#isNewest(own)) return null;
      throw failure(error);
    } finally {
      clearTimeout(timer);
      this.#controllers.delete(controller);
    }
  }

  #isNewest(own: number): boolean {
    const isNewest = own > this.#settled;
    if (isNewest) this.#settled = own;
    return isNewest;
  }

  cancel(): void {
    this.#settled = this.#asked;
    for (const controller of this.#controllers) controller.abort();
    this.#controllers.clear();
  }
}
