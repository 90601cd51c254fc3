/** The code of the experiment on the screen, asked for while it is looked at. */
import { ApiError, Channel } from "../../../api/client";
import type { CodeAnswer } from "../../../api/types";
import { requestOf, type Spec } from "../../../state/spec";

export type Script = CodeAnswer["scripts"][number];

export class Scripts {
  list = $state.raw<readonly Script[]>([]);
  problem = $state("");
  isSlow = $state(false);
  #of = $state.raw<{ spec: Spec; sample: number | null } | null>(null);
  readonly #channel = new Channel();

  /** Whether the code is that of this experiment; until its own has come, the last one stays. */
  isOf(spec: Spec | null, sample: number | null): boolean {
    return this.#of !== null && this.#of.spec === spec && this.#of.sample === sample;
  }

  async ask(spec: Spec, sample: number | null): Promise<void> {
    try {
      const answer = await this.#channel.ask<CodeAnswer>("/api/code", requestOf(spec, sample), () => { this.isSlow = true; });
      if (!answer) return;
      this.list = answer.scripts;
      this.#of = { spec, sample };
      this.problem = "";
    } catch (error) {
      this.problem = error instanceof ApiError ? error.message : String(error);
    }
    this.isSlow = false;
  }

  leave(): void {
    this.#channel.cancel();
  }
}
