/** How the trace is looked at. The playhead is kept apart, since it moves at every frame. */
import type { CatalogPreset } from "../api/types";
import type { Exercise } from "../model/exercise";
import { DEFAULT_DIGITS, withDecimals, type Digits } from "../model/format";

export interface Pin {
  tensor: string;
  cell: number;
}

/** What stands under the network. */
export const LENSES = ["numbers", "cancel", "shapes", "health", "exercise", "code"] as const;
export type LensName = (typeof LENSES)[number];

export interface View {
  lens: LensName;
  /** Of X, counted from 0; null is the batch. */
  sample: number | null;
  speed: number;
  /** The output alone that “Why things cancel” looks at. */
  probe: { z: number; y: 0 | 1 };
  digits: Digits;
  pin: Pin | null;
  /** What is to be predicted, while an exercise is open. */
  exercise: Exercise | null;
  /** Of the exported code; the first that there is where it has none of this name. */
  language: string;
}

/** What exported code may be in. */
export const LANGUAGES = ["numpy", "pytorch"];
export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;
export const DIGITS: readonly Digits[] = [2, 3, 4, 5, 6, 8, "4f"];
export const FIRST_VIEW: View = { lens: "numbers", sample: null, speed: 1, probe: { z: 0, y: 0 }, digits: DEFAULT_DIGITS, pin: null, exercise: null, language: "numpy" };

/** The digits that a preset opens with: the lecture's demos with the decimals that it prints. */
export function digitsOf(preset: CatalogPreset | undefined): Digits {
  return typeof preset?.decimals === "number" ? withDecimals(preset.decimals) : DEFAULT_DIGITS;
}
