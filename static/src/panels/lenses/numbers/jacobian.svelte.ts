/** The Jacobian behind the pinned number, from the server: a pass multiplies by it and never forms it. */
import { ApiError, Channel } from "../../../api/client";
import { parseRule } from "../../../model/rule";
import { indicesOf, type Trace } from "../../../model/trace";
import type { Timeline } from "../../../model/timeline";
import { requestOf } from "../../../state/spec";
import { store } from "../../../state/store.svelte";
import type { Pin } from "../../../state/view";

export interface JacobianPlace {
  layer: number;
  iteration: number;
  sample: number;
  unit: number;
  /** ∂L/∂A of the layer, where the pinned number is made from it. */
  dA: string | null;
}

interface JacobianAnswer {
  tensor: string;
  sample: number;
  jacobian: number[][];
}

/** The place of a number whose equation mixes the units of a layer: a letter of its result that no operand has. */
export function jacobianPlace(trace: Trace, timeline: Timeline, pin: Pin): JacobianPlace | null {
  const step = trace.steps[timeline.producers.get(pin.tensor) ?? -1];
  const equation = step && trace.equations[step.equation];
  const result = trace.tensors[pin.tensor];
  if (!equation || !result || result.layer === null) return null;
  const { words, result: word } = parseRule(equation.reads, equation.roles);
  if (word === "...") return null;
  const own = [...words.values()].join("");
  const unit = [...word].findIndex((letter) => !own.includes(letter));
  const sample = result.axes.indexOf("samples");
  if (unit < 0 || sample < 0) return null;
  const indices = indicesOf(pin.cell, result.shape);
  const dA = Object.values(step.operands).find((id) => trace.tensors[id]?.symbol === "dA") ?? null;
  return { layer: result.layer, iteration: result.iteration, sample: indices[sample] ?? 0, unit: indices[unit] ?? 0, dA };
}

/** Asks while it is shown, keeps the last good answer, and says when that belongs to something else. */
export class Jacobian {
  answer = $state.raw<JacobianAnswer | null>(null);
  message = $state("");
  #key = $state("");
  #wanted = $state("");
  readonly #channel = new Channel();
  isStale = $derived(this.#key !== this.#wanted);

  async ask({ layer, iteration, sample }: JacobianPlace): Promise<void> {
    if (!store.traced) return;
    const body = { ...requestOf(store.traced.spec, store.traced.sample), layer, iteration, sample };
    const key = JSON.stringify(body);
    this.#wanted = key;
    if (key === this.#key) return;
    try {
      const answer = await this.#channel.ask<JacobianAnswer>("/api/jacobian", body);
      if (!answer) return;
      [this.answer, this.#key, this.message] = [answer, key, ""];
    } catch (error) {
      this.message = error instanceof ApiError ? error.message : String(error);
    }
  }

  cancel(): void {
    this.#channel.cancel();
  }
}
