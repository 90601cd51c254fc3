/** The answer of /api/train-step: the step that follows a moment. null: not finite, or not reached by a step that diverges. */
type Entries = readonly (number | null)[];
type Matrix = readonly Entries[];

export interface LayerChange {
  readonly W: number[][];
  readonly b: number[];
  /** The gradient that the step follows; with the penalty's share where there is one. */
  readonly dW: Matrix | null;
  readonly db: Entries | null;
  readonly W_next: number[][] | null;
  readonly b_next: number[] | null;
  readonly W_change: Matrix | null;
  readonly b_change: Entries | null;
}

export interface Measured {
  readonly loss: number;
  readonly penalty: number;
  /** Both together: what is made smaller. */
  readonly goal: number;
}

export interface Around {
  readonly before: Measured | null;
  readonly after: Measured | null;
  readonly change: number | null;
}

export interface TrainingStep {
  readonly step: number;
  readonly learning_rate: number | null;
  /** Rows of the data set. */
  readonly rows: readonly number[];
  readonly penalised: boolean;
  readonly layers: readonly LayerChange[];
  readonly batch: Around;
  readonly training: Around;
  readonly outputs: { readonly before: Matrix | null; readonly after: Matrix | null };
  readonly predicted: number | null;
  readonly ratio: number | null;
  readonly steepest: number | null;
  readonly diverged: { readonly message: string } | null;
}
