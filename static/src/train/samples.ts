/** The sizes of a sample that a slider goes through: near each other where a few more change much. */
const GROWTH = 1.06;

export function sizesUpTo(fewest: number, most: number): number[] {
  const sizes = [fewest];
  for (let size = fewest; size < most; sizes.push(size)) size = Math.min(most, Math.max(size + 1, Math.round(size * GROWTH)));
  return sizes;
}

/** The place of the size that is nearest. */
export function nearest(sizes: readonly number[], size: number): number {
  return sizes.reduce((best, each, i) => (Math.abs(each - size) < Math.abs((sizes[best] ?? 0) - size) ? i : best), 0);
}
