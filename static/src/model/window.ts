/** Rows that are drawn above and below those that are seen. */
const AROUND = 12;

/** Which rows of a long table are near what is seen of it: only these are drawn. */
export function rowsSeen(top: number, height: number, row: number, count: number): { from: number; to: number } {
  return { from: Math.max(0, Math.min(count, Math.floor(top / row) - AROUND)), to: Math.min(count, Math.ceil((top + height) / row) + AROUND) };
}
