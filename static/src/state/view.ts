/** How the trace is looked at. The playhead is kept apart, since it moves at every frame. */
import { DEFAULT_DIGITS } from "../model/format";

export interface Pin {
  tensor: string;
  cell: number;
}

export interface View {
  /** Of X, counted from 0; null is the batch. */
  sample: number | null;
  speed: number;
  digits: number;
  pin: Pin | null;
}

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;
export const DIGITS = [2, 3, 4, 5, 6, 8] as const;
export const FIRST_VIEW: View = { sample: null, speed: 1, digits: DEFAULT_DIGITS, pin: null };
