/** The answers of the calls that check gradients. null: not finite, or not defined. */
type Numbers = readonly (number | null)[];

export type Verdict = "pass" | "warn" | "fail" | "kink";

export interface Checked {
  readonly tensor: string;
  readonly gradient: string;
  readonly shape: readonly number[];
  readonly backprop: readonly number[];
  readonly numeric: Numbers;
  readonly steps: Numbers;
  readonly kinks: readonly number[];
  readonly relative_error: number | null;
  readonly largest_difference: number | null;
  readonly noise: number | null;
  readonly verdict: Verdict;
  readonly errors: Numbers;
  readonly verdicts: readonly Verdict[];
}

export interface GradientCheck {
  readonly verdict: Verdict;
  readonly tolerance: { readonly passes: number; readonly fails: number };
  readonly parameters: readonly Checked[];
  readonly left_out: readonly { readonly gradient: string; readonly reason: string }[];
}

interface Cell {
  readonly gradient: string;
  readonly cell: number;
  readonly value: number;
  readonly loss: number;
  readonly backprop: number;
}

export interface DifferenceCurve extends Cell {
  readonly steps: readonly number[];
  readonly central_error: Numbers;
  readonly forward_error: Numbers;
  readonly rounding: Numbers;
  readonly kinks: readonly number[];
  readonly best: number | null;
  readonly forward_best: number | null;
}

export interface Nudge extends Cell {
  readonly amounts: readonly number[];
  readonly values: readonly number[];
  readonly losses: Numbers;
  readonly predicted: Numbers;
  readonly actual: Numbers;
  readonly left_over: Numbers;
  readonly kinks: readonly number[];
}

export interface Comparison {
  readonly gradient: string;
  readonly shape: readonly number[];
  readonly given: readonly number[];
  readonly backprop: readonly number[];
  readonly numeric: Numbers;
  readonly difference: readonly number[];
  readonly errors: Numbers;
  readonly verdicts: readonly Verdict[];
  readonly verdict: Verdict;
  readonly relative_error: number | null;
  readonly largest: number;
  readonly turned: boolean;
  readonly relation: { readonly factor: number; readonly transposed: boolean; readonly message: string } | null;
}
