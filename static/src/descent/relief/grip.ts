/** Fingers (or a pointer) on the relief: one turns it, two bring it nearer. */
export interface Pull {
  /** In pixels. */
  right: number;
  down: number;
  /** How much farther apart two fingers are than before. */
  apart: number;
}

interface Spot {
  x: number;
  y: number;
}

const between = ([a, b]: readonly Spot[]): number => (a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0);

export class Grip {
  readonly #spots = new Map<number, Spot>();

  get isHeld(): boolean {
    return this.#spots.size > 0;
  }

  hold(finger: number, x: number, y: number): void {
    if (this.#spots.size < 2) this.#spots.set(finger, { x, y });
  }

  release(finger: number): void {
    this.#spots.delete(finger);
  }

  /** What a finger's movement does; null: it isn't one of those that hold. */
  move(finger: number, x: number, y: number): Pull | null {
    const spot = this.#spots.get(finger);
    if (!spot) return null;
    const before = between([...this.#spots.values()]);
    this.#spots.set(finger, { x, y });
    if (before > 0) return { right: 0, down: 0, apart: between([...this.#spots.values()]) / before };
    return this.#spots.size === 1 ? { right: x - spot.x, down: y - spot.y, apart: 1 } : null;
  }
}
