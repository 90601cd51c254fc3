/** Parts that scroll sideways within a strip. */
interface Extent {
  left: number;
  width: number;
}

/** How far a strip goes on so that one of its parts is in its middle; 0 where all of that part is seen. Ends are the browser's. */
export function wayTo(part: Extent, strip: Extent): number {
  const before = part.left - strip.left;
  const isSeen = before >= 0 && before + part.width <= strip.width;
  return isSeen ? 0 : before - (strip.width - part.width) / 2;
}
