/** The answers of the calls that follow updates and branches. */
import type { Tensor } from "../../../model/trace";

type Numbers = readonly (number | null)[];
type Columns = readonly (readonly number[])[];
export type Head = Omit<Tensor, "data" | "unbounded">;

/** One parameter, an entry an update; `before` has one more, after the last. */
export interface Moves {
  readonly before: Columns;
  readonly gradient: Columns;
  readonly change: Columns;
  /** −η · gradient, where that is the whole change. */
  readonly scaled: Columns | null;
}

export interface Effect {
  readonly start: number;
  readonly optimizer: string;
  readonly losses: readonly number[];
  readonly learning_rates: Numbers;
  readonly gradient_squares: Numbers;
  readonly predicted: Numbers;
  readonly steepest: Numbers | null;
  readonly changes: readonly number[];
  readonly left_over: Numbers;
  readonly ratios: Numbers;
  readonly moves: Moves;
  readonly diverged: { readonly message: string } | null;
}

export interface UpdateEffect {
  readonly tensor: Head;
  readonly runs: readonly Effect[];
}

export interface Compared {
  readonly tensor: Head;
  readonly first: number;
  readonly one: readonly Numbers[];
  readonly other: readonly Numbers[];
  readonly difference: readonly Numbers[];
  readonly largest: readonly number[];
}
