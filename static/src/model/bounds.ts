/** The bounds of a number: which numbers are within, and how they are said. */
export interface Bounds {
  minimum?: number | null;
  maximum?: number | null;
  /** The bound itself is out. */
  openBelow?: boolean;
  openAbove?: boolean;
}

export function isWithin(value: number, { minimum = null, maximum = null, openBelow = false, openAbove = false }: Bounds): boolean {
  const isEnough = minimum === null || value > minimum || (value === minimum && !openBelow);
  const isTooMuch = maximum !== null && (value > maximum || (value === maximum && openAbove));
  return Number.isFinite(value) && isEnough && !isTooMuch;
}

/** " from 0 to 1", " above 0", " of at least 0 and below 1"; nothing where there are no bounds. */
export function boundsText({ minimum = null, maximum = null, openBelow = false, openAbove = false }: Bounds): string {
  if (minimum !== null && maximum !== null && !openBelow && !openAbove) return ` from ${String(minimum)} to ${String(maximum)}`;
  const least = minimum === null ? [] : [`${openBelow ? "above" : "of at least"} ${String(minimum)}`];
  const most = maximum === null ? [] : [`${openAbove ? "below" : "of at most"} ${String(maximum)}`];
  const all = [...least, ...most].join(" and ");
  return all && ` ${all}`;
}
