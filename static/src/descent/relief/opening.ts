/** From where the relief is seen at first: from where the least of the paths is hidden. */
import { thinned } from "../scales";
import type { Path } from "../types";
import type { Grid } from "./heights";
import { isHidden, onSurface, standing, type Place, type Space } from "./space";
import { eyeOf, FIRST_VIEW, type View } from "./view";

const MOST_PLACES = 40;
const ELEVATIONS = [FIRST_VIEW.elevation, 48, 64];
const AZIMUTHS = [FIRST_VIEW.azimuth, -FIRST_VIEW.azimuth, 180 - FIRST_VIEW.azimuth, 180 + FIRST_VIEW.azimuth].map((each) => (each >= 180 ? each - 360 : each));
/** What must be gained by it: turned, and from higher up. */
const COST = { turned: 0.03, higher: 0.08 };

const VIEWS = ELEVATIONS.flatMap((elevation, i) =>
  AZIMUTHS.map((azimuth) => ({
    view: azimuth === FIRST_VIEW.azimuth && elevation === FIRST_VIEW.elevation ? FIRST_VIEW : { azimuth, elevation, zoom: 1 },
    cost: (azimuth === FIRST_VIEW.azimuth ? 0 : COST.turned) + i * COST.higher,
  })),
);

export function openingView(grid: Grid, space: Space, paths: readonly Path[], width: number, height: number): View {
  const places = paths.flatMap((path) => thinned(path.iterations + 1, MOST_PLACES).map((k) => placeOf(grid, space, path, k))).filter((place) => place !== null);
  if (places.length === 0) return FIRST_VIEW;
  const rated = VIEWS.map(({ view, cost }) => {
    const { position } = eyeOf(view, space, width, height);
    return { view, cost: cost + places.filter((place) => isHidden(grid, space, place, position)).length / places.length };
  });
  return rated.reduce((best, each) => (each.cost < best.cost ? each : best)).view;
}

function placeOf(grid: Grid, space: Space, path: Path, k: number): Place | null {
  const point = standing(path, k);
  return point && onSurface(grid, space, ...point);
}
