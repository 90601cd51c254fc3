/** How the trace is looked at. The playhead is kept apart, since it moves at every frame. */
import type { CatalogPreset } from "../api/types";
import { FIRST_PAIR, type Branch, type Pair } from "./branches";
import type { Exercise } from "../model/exercise";
import { DEFAULT_DIGITS, FRACTIONS, withDecimals, type Digits } from "../model/format";

export interface Pin {
  tensor: string;
  cell: number;
}

/** The longest trail of pins that is kept: more than any walk through a pass is long. */
export const MOST_PINS = 64;

/** Where a pinned number is followed to: what made it, what it feeds, or both. */
export const WAYS = ["back", "forward", "both"] as const;
export type Way = (typeof WAYS)[number];

/** How far. */
export const REACHES = ["one", "all"] as const;
export type HopCount = (typeof REACHES)[number];

/** What stands under the network. */
export const LENSES = ["numbers", "cancel", "shapes", "check", "update", "health", "story", "exercise", "code"] as const;
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
  /** The gradient that is checked, such as dW[1], and its cell. */
  checked: Pin;
  /** By how much the checked cell is moved, and how far the slider goes. */
  nudge: number;
  span: number;
  /** The parameter whose update is written out, and its cell; null follows the playhead. */
  moved: Pin | null;
  branches: readonly Branch[];
  pair: Pair;
  /** The pins that led to this one, the first first. */
  trail: readonly Pin[];
  way: Way;
  hops: HopCount;
  /** The row of the batch that is followed, counted from 0. */
  row: number | null;
  /** Samples that sums over the samples leave out, to see what is left. */
  without: readonly number[];
  /** What is to be predicted, while an exercise is open. */
  exercise: Exercise | null;
  /** Of the exported code; the first that there is where it has none of this name. */
  language: string;
}

/** What exported code may be in. */
export const LANGUAGES = ["numpy", "pytorch"];
/** How far the slider of a nudge may go. */
export const SPANS = [0.001, 0.01, 0.1, 1, 10] as const;
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
/** No number is pinned and no row chosen. */
export const NOTHING_FOLLOWED = { pin: null, trail: [], way: "back", hops: "one", row: null, without: [] } as const;
export const FIRST_VIEW: View = {
  lens: "numbers", sample: null, speed: 1, probe: { z: 0, y: 0 }, digits: DEFAULT_DIGITS, exercise: null, ...NOTHING_FOLLOWED,
  checked: { tensor: "dW[1]", cell: 0 }, nudge: 0, span: 1, moved: null, branches: [], pair: FIRST_PAIR, language: "numpy",
};

/** The view without rows and samples that data of so many samples don't have. */
export function fitting(view: View, samples: number): View {
  const isThere = (sample: number | null): boolean => sample === null || sample < samples;
  const { sample, row, without } = view;
  if ([sample, row, ...without].every(isThere) && without.length < Math.max(samples, 1)) return view;
  const kept = without.filter(isThere);
  return {
    ...view,
    sample: isThere(sample) ? sample : null,
    row: isThere(row) ? row : null,
    without: kept.length < samples ? kept : [],
  };
}

/** The digits that a preset opens with: the lecture's demos with the decimals that it prints. */
export function digitsOf(preset: CatalogPreset | undefined): Digits {
  return typeof preset?.decimals === "number" ? withDecimals(preset.decimals) : DEFAULT_DIGITS;
}
