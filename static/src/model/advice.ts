/** What to do about numbers that left the range. */
import { timelineOf } from "./timeline";
import type { Trace } from "./trace";

/** What was given is too large where it broke before the first update; after one, how the weights were changed. */
export function adviceFor(trace: Trace, tensor: string, iterations: number): string {
  const { first } = timelineOf(trace);
  const isUpdated = trace.steps.some(({ phase }) => phase === "update") || !tensor.endsWith(`@${String(first)}`);
  if (!isUpdated) return "This is before the first update: the numbers given are too large. Try smaller ones.";
  return `Try a smaller learning rate${iterations > 1 ? " or fewer iterations" : ""}.`;
}
