/** What is written on the relief: the letters of the runs and the optima, where the eye sees them. */
import { SIGNS } from "../draw";
import { spread } from "../scales";
import { LETTERS } from "../setup";
import type { Optimum } from "../types";
import type { Grid } from "./heights";
import { isHidden, onSurface, type Place, type Space } from "./space";
import type { Eye } from "./view";

const [LETTER_RIGHT, LETTER_UP, LETTER_APART] = [15, 15, 19];

interface Mark {
  x: number;
  y: number;
  isHidden: boolean;
}

/** `x`, `y`: where the run stands; its letter is beside it, clear of the others'. */
export interface RunMark extends Mark {
  run: number;
  letter: string;
  isSelected: boolean;
  letterX: number;
  letterY: number;
}

export interface OptimumMark extends Mark {
  name: string;
}

export interface Marks {
  runs: readonly RunMark[];
  optima: readonly OptimumMark[];
}

type Ground = Readonly<{ grid: Grid; space: Space }>;

export function marksOf({ grid, space }: Ground, eye: Eye, places: readonly (Place | null)[], optima: readonly Optimum[], selected: number): Marks {
  const mark = (place: Place): Mark => {
    const { x, y } = eye.see(place);
    return { x, y, isHidden: isHidden(grid, space, place, eye.position) };
  };
  const stands = places.map((place) => place && mark(place));
  const heights = spread(stands.map((each) => each && [each.x, each.y - LETTER_UP]), LETTER_APART);
  return {
    runs: stands.flatMap((each, run) => (each ? [{ ...each, run, letter: LETTERS[run] ?? "", isSelected: run === selected, letterX: each.x + LETTER_RIGHT, letterY: heights[run] ?? each.y }] : [])),
    optima: optima.flatMap(({ kind, at: [a = 0, b = 0] }) => {
      const place = onSurface(grid, space, a, b);
      return place ? [{ ...mark(place), name: SIGNS[kind] ?? kind }] : [];
    }),
  };
}
