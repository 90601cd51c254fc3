/** The answers to one question: what is typed, what the server says of it, and what goes into the sitting. */
import { ApiError, Channel } from "../../../api/client";
import type { AnswerCheck, Verdict } from "../../../api/types";
import type { Question } from "../../../model/exercise";
import { cellKey, openCells } from "../../../state/blanks";
import { answered, recordOf, revealed } from "../../../state/sitting";
import { requestOf } from "../../../state/spec";
import { keepRecords, store } from "../../../state/store.svelte";
import type { Field } from "../../../views/types";

type ByCell<T> = Readonly<Record<number, T>>;

export class Checking {
  texts = $state.raw<ByCell<string>>({});
  verdicts = $state.raw<ByCell<Verdict & { given: string }>>({});
  problems = $state.raw<ByCell<string>>({});
  isAsking = $state(false);
  isSlow = $state(false);
  /** Why nothing was checked. */
  problem = $state("");
  readonly #channel = new Channel();

  constructor(readonly question: Question) {}

  get open(): number[] {
    return openCells(this.question, store.settled);
  }

  get fields(): ByCell<Field> {
    return Object.fromEntries(this.question.cells.map((cell) => [cell, this.#field(cell)]));
  }

  #field(cell: number): Field {
    const { outcome } = recordOf(store.records, store.exerciseKey, cellKey(this.question.tensor, cell));
    const verdict = this.verdicts[cell];
    const problem = this.problems[cell] ?? "";
    return {
      text: this.texts[cell] ?? "",
      verdict: outcome === "revealed" ? "revealed" : outcome ? "right" : (verdict?.verdict ?? null),
      isSettled: outcome !== null,
      problem,
      note: verdict || problem ? noteId(cell) : "",
    };
  }

  type(cell: number, text: string): void {
    this.texts = { ...this.texts, [cell]: text };
    this.problem = "";
    if (this.problems[cell]) this.problems = { ...this.problems, [cell]: "" };
  }

  /** Asks about what was typed since the last time. */
  async check(): Promise<void> {
    const { traced, exerciseKey } = store;
    const answers = this.open
      .map((cell) => ({ cell, given: (this.texts[cell] ?? "").trim() }))
      .filter(({ cell, given }) => given !== "" && given !== this.verdicts[cell]?.given);
    if (answers.length === 0 || !traced) {
      this.problem = this.open.length > 0 ? "Type a number first; what was checked already isn't checked again." : "";
      return;
    }
    this.problem = "";
    this.isAsking = true;
    const body = { ...requestOf(traced.spec, traced.sample), tensor: this.question.tensor, answers };
    try {
      const found = await this.#channel.ask<AnswerCheck>("/api/answer-check", body, () => { this.isSlow = true; });
      if (found && exerciseKey === store.exerciseKey) this.#take(found.answers, answers);
    } catch (error) {
      this.#explain(error, answers.map(({ cell }) => cell));
    } finally {
      this.isAsking = this.isSlow = false;
    }
  }

  reveal(cells: readonly number[]): void {
    keepRecords(revealed(store.records, store.exerciseKey, cells.map((cell) => cellKey(this.question.tensor, cell))));
  }

  #take(found: readonly Verdict[], answers: readonly { given: string }[]): void {
    const given = found.map((each, place) => [each.cell, { ...each, given: answers[place]?.given ?? "" }]);
    this.verdicts = { ...this.verdicts, ...(Object.fromEntries(given) as typeof this.verdicts) };
    this.problems = {};
    const key = (cell: number): string => cellKey(this.question.tensor, cell);
    keepRecords(found.reduce((records, { cell, verdict }) => answered(records, store.exerciseKey, key(cell), verdict === "right"), store.records));
  }

  /** A text that is no number is explained at its cell. */
  #explain(error: unknown, cells: readonly number[]): void {
    const message = error instanceof ApiError ? error.message : String(error);
    const [list, place] = error instanceof ApiError ? error.where : [];
    const cell = list === "answers" && typeof place === "number" ? cells[place] : undefined;
    if (cell === undefined) this.problem = message;
    else this.problems = { [cell]: message };
  }
}

export const noteId = (cell: number): string => `verdict-${String(cell)}`;
