/** How numbers are spread: so many bins of one width around 0, for drawing. */
export interface Histogram {
  /** The edges are −reach and reach. */
  reach: number;
  counts: readonly number[];
}

/** The middle bin is centred on 0; `reach` is the largest size there is, or one that is shared. */
export function histogramOf(values: readonly number[], bins: number, reach = Math.max(0, ...values.map(Math.abs)) || 1): Histogram {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const place = Math.min(bins - 1, Math.max(0, Math.floor(((value + reach) / (2 * reach)) * bins)));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return { reach, counts };
}
