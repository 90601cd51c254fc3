/** How the trace is looked at. The playhead is kept apart, since it moves at every frame. */
import type { CatalogPreset } from "../api/types";
import type { Exercise } from "../model/exercise";
import { DEFAULT_DIGITS, FRACTIONS, withDecimals, type Digits } from "../model/format";

export interface Pin {
  tensor: string;
  cell: number;
}

/** What stands under the network. */
export const LENSES = ["numbers", "cancel", "shapes", "health", "story", "exercise"] as const;
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
}

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const;
const SIGNIFICANT = Array.from({ length: 16 }, (_, i) => i + 2);
/** What the reader may choose from, under its headings. */
export const DIGIT_GROUPS: readonly (readonly [title: string, choices: readonly Digits[]])[] = [
  ["Significant digits", SIGNIFICANT],
  ["After the point", ["4f"]],
  ["Powers of ten", SIGNIFICANT.map((digits): Digits => `${digits}e`)],
  ["Exact", [FRACTIONS]],
];
export const DIGITS: readonly Digits[] = DIGIT_GROUPS.flatMap(([, choices]) => choices);
export const FIRST_VIEW: View = { lens: "numbers", sample: null, speed: 1, probe: { z: 0, y: 0 }, digits: DEFAULT_DIGITS, pin: null, exercise: null };

/** The digits that a preset opens with: the lecture's demos with the decimals that it prints. */
export function digitsOf(preset: CatalogPreset | undefined): Digits {
  return typeof preset?.decimals === "number" ? withDecimals(preset.decimals) : DEFAULT_DIGITS;
}
