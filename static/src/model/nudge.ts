/** Changing a number step by step, by a drag or a key: it lands on multiples of a round step. */

/** 1, 2 or 5 times a power of ten, written as whole numbers so that no multiple of it gets a tail of digits. */
export interface Step {
  times: number;
  /** Of ten. */
  power: number;
}

const PARTS = 100;

/** About a hundredth of the largest number there. */
export function stepFor(largest: number): Step {
  const wanted = largest / PARTS;
  const power = Math.floor(Math.log10(wanted));
  const lead = wanted / 10 ** power;
  return { times: lead >= 5 ? 5 : lead >= 2 ? 2 : 1, power };
}

export const finer = ({ times, power }: Step): Step => ({ times, power: power - 1 });

const sized = ({ power }: Step, whole: number): number => (power < 0 ? whole / 10 ** -power : whole * 10 ** power);

/** `count` steps from `start`; none leaves it as it is. */
export function nudged(start: number, count: number, step: Step): number {
  if (count === 0) return start;
  const place = Math.round(start / sized(step, step.times)) + count;
  return sized(step, place * step.times) + 0;
}
