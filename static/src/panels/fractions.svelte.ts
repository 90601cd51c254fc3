/** The trace's numbers as exact fractions, asked for only while they are shown. */
import { ApiError, Channel } from "../api/client";
import type { FractionText } from "../model/format";
import { requestOf } from "../state/spec";
import type { Traced } from "../state/store.svelte";

type Row = readonly FractionText[] | null;

interface Answer {
  fractions: Readonly<Record<string, Row>>;
}

class Fractions {
  failure = $state.raw<string | null>(null);
  #wanted = $state.raw<Traced | null>(null);
  #answer = $state.raw<{ traced: Traced; fractions: Answer["fractions"] } | null>(null);
  readonly #channel = new Channel();

  /** Those of the trace on the screen; an older trace's never stand beside its numbers. */
  #now = $derived(this.#answer !== null && this.#answer.traced === this.#wanted ? this.#answer.fractions : null);

  /** A tensor's fractions; null where it has none or isn't in the trace, undefined where they aren't known yet or not wanted. */
  of = (tensor: string): Row | undefined => {
    if (this.failure !== null) return null;
    return this.#now === null ? undefined : (this.#now[tensor] ?? null);
  };

  /** One cell's. */
  at = (tensor: string, cell: number): FractionText => {
    const row = this.of(tensor);
    return row === undefined ? undefined : (row?.[cell] ?? null);
  };

  /** One cell's in an iteration, of what the iterations share too: "eta", 2, 0. */
  during = (name: string, iteration: number, cell = 0): FractionText =>
    this.at(this.of(`${name}@${String(iteration)}`) ? `${name}@${String(iteration)}` : `${name}@0`, cell);

  /** Asks for the fractions of this trace, or of none. */
  follow(traced: Traced | null): void {
    this.#wanted = traced;
    this.failure = null;
    if (traced) void this.#ask(traced);
    else this.#channel.cancel();
  }

  async #ask(traced: Traced): Promise<void> {
    try {
      const answer = await this.#channel.ask<Answer>("/api/fractions", requestOf(traced.spec, traced.sample));
      if (answer) this.#answer = { traced, fractions: answer.fractions };
    } catch (error) {
      this.failure = error instanceof ApiError ? error.message : String(error);
    }
  }
}

export const fractions = new Fractions();
