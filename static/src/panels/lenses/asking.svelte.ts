/** What a lens asks the server. The newest question wins; the last good answer stays, and is known to be out of date. */
import { Channel, failure } from "../../api/client";

export class Asking<A> {
  answer = $state.raw<A | null>(null);
  problem = $state<string | null>(null);
  /** Whether the answer is to the newest question. */
  isCurrent = $state(false);
  readonly #path: string;
  readonly #channel = new Channel();
  #asked = "";

  constructor(path: string) {
    this.#path = path;
  }

  /** Asks, unless it is what was asked last. */
  ask(body: unknown): void {
    const key = JSON.stringify(body);
    if (key === this.#asked) return;
    this.#asked = key;
    this.isCurrent = false;
    void this.#run(body);
  }

  /** Nobody looks any more: nothing is asked, and nothing kept. */
  rest(): void {
    this.#asked = "";
    this.#channel.cancel();
    this.isCurrent = false;
    this.answer = null;
    this.problem = null;
  }

  async #run(body: unknown): Promise<void> {
    try {
      const answer = await this.#channel.ask<A>(this.#path, body);
      if (answer === null) return;
      this.answer = answer;
      this.problem = null;
      this.isCurrent = true;
    } catch (error) {
      // So that the same may be asked again.
      this.#asked = "";
      this.problem = failure(error).message;
    }
  }
}
