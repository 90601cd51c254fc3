/** What the parts of the picture of one variable share. */
import { scaleLinear } from "d3-scale";
import { lab } from "./lab.svelte";
import { heightAt, heightsIn, usualIncrement } from "./line";
import { keyOf } from "./setup";
import type { Range } from "./types";

class LineView {
  /** The samples, where they belong to this function. */
  field = $derived(lab.field && lab.field.surface === lab.key && lab.field.field.y === null ? lab.field.field : null);
  window = $derived<Range | null>(lab.shown?.length === 1 ? (lab.shown[0] ?? null) : null);
  heights = $derived<Range | null>(this.field && this.window ? heightsIn(this.field, this.window) : null);
  plane = $derived(
    this.window && this.heights && lab.size
      ? { x: scaleLinear(this.window, [0, lab.size.width]), y: scaleLinear(this.heights, [lab.size.height, 0]), width: lab.size.width, height: lab.size.height }
      : null,
  );
  /** The runs, where they belong to this function. */
  paths = $derived(lab.drawn && keyOf(lab.drawn.setup.surface) === lab.key ? lab.drawn.paths : []);
  /** Until it is chosen, the increment follows the window. */
  dx = $derived(lab.dx ?? (this.window ? usualIncrement(this.window) : 0));
  k = $derived(Math.min(lab.k, this.paths[lab.selected]?.iterations ?? 0));
  /** Where the selected run stands: the server's numbers. */
  here = $derived.by(() => {
    const path = this.paths[lab.selected];
    const [at, value, slope] = [path?.theta[this.k]?.[0], path?.value[this.k], path?.gradient[this.k]?.[0]];
    return typeof at === "number" && typeof value === "number" && typeof slope === "number" ? { at, value, slope } : null;
  });

  /** Where a point of the curve is drawn; null where it isn't known. */
  pixel(at: number): readonly [number, number] | null {
    const height = this.field && heightAt(this.field, at);
    return this.plane && height !== null ? [this.plane.x(at), this.plane.y(height)] : null;
  }
}

export const view = new LineView();

/** x of a run between two iterations, where only the drawing stands. */
export function standing(place: number): { k: number; share: number; x: number; next: number } | null {
  const path = view.paths[place];
  if (!path) return null;
  const k = Math.min(lab.k, path.iterations);
  const x = path.theta[k]?.[0];
  if (typeof x !== "number") return null;
  const next = path.theta[k + 1]?.[0];
  return typeof next === "number" && k < path.iterations ? { k, share: lab.at - k, x, next } : { k, share: 0, x, next: x };
}
