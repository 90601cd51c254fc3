/** What is asked beside the paths: sweeps of the learning rate, and the modes of the error. */
import { ApiError, Channel } from "../api/client";
import type { Modes, Sweep } from "./types";

interface Answer<T> {
  request: string;
  /** The key of the surface that it belongs to. */
  surface: string;
  /** null: it was refused, for the reason in `problem`. */
  found: T | null;
  problem: string;
}

const MOST_KNOWN = 40;

/** One kind of question: the latest wins, and what was asked before isn't asked again. */
class Question<T> {
  answer = $state.raw<Answer<T> | null>(null);
  readonly #path: string;
  readonly #channel = new Channel();
  readonly #known = new Map<string, Answer<T>>();

  constructor(path: string) {
    this.#path = path;
  }

  async ask(request: string, surface: string): Promise<void> {
    const known = this.#known.get(request);
    if (known) {
      this.#channel.cancel();
      this.answer = known;
      return;
    }
    try {
      const found = await this.#channel.ask<T>(this.#path, JSON.parse(request));
      if (found) this.#keep({ request, surface, found, problem: "" });
    } catch (error) {
      this.answer = { request, surface, found: null, problem: error instanceof ApiError ? error.message : String(error) };
    }
  }

  #keep(answer: Answer<T>): void {
    const oldest = this.#known.keys().next();
    if (this.#known.size >= MOST_KNOWN && !oldest.done) this.#known.delete(oldest.value);
    this.#known.set(answer.request, answer);
    this.answer = answer;
  }
}

class Theory {
  readonly sweep = new Question<Sweep>("/api/sweep");
  readonly modes = new Question<Modes>("/api/modes");
  /** Whether the eigen-directions stand on the plot. */
  showsDirections = $state(false);
}

export const theory = new Theory();
