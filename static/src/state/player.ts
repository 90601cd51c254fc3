/** Playing, pausing and stepping over what is recorded. The clock is performance.now, so that a test can drive it. */
import { SPEEDS } from "./view";

/** What is played: the playhead `at` goes from 0 to `length`. */
export interface Tape {
  at: number;
  isPlaying: boolean;
  readonly length: number;
  readonly speed: number;
}

/** Changes the tape, and keeps the address in step with it. */
type Look = (change: { at?: number; speed?: number }) => void;

export interface Player {
  play(): void;
  pause(): void;
  toggle(): void;
  /** Anywhere, between two steps too. */
  standAt(at: number): void;
  /** Always lands on a whole step. */
  goTo(at: number): void;
  stepForward(): void;
  stepBack(): void;
  toStart(): void;
  toEnd(): void;
  setSpeed(speed: number): void;
  changeSpeed(by: 1 | -1): void;
}

/** The speed beside this one; undefined beyond the last. */
export const speedBeside = (speed: number, by: 1 | -1): number | undefined =>
  SPEEDS[SPEEDS.findIndex((each) => each === speed) + by];

export function playerOf(tape: Tape, look: Look, stepMs: number): Player {
  let from = 0;
  let since = 0;
  let frame = 0;

  function anchor(): void {
    from = tape.at;
    since = performance.now();
  }

  function tick(): void {
    if (!tape.isPlaying) return;
    const at = from + ((performance.now() - since) / stepMs) * tape.speed;
    if (at >= tape.length) {
      tape.isPlaying = false;
      look({ at: tape.length });
      return;
    }
    if (Math.floor(at) === Math.floor(tape.at)) tape.at = at;
    else look({ at });
    frame = requestAnimationFrame(tick);
  }

  function play(): void {
    if (tape.length === 0) return;
    if (tape.at >= tape.length) look({ at: 0 });
    tape.isPlaying = true;
    anchor();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(tick);
  }

  function standAt(at: number): void {
    tape.isPlaying = false;
    cancelAnimationFrame(frame);
    look({ at });
  }

  const pause = (): void => { standAt(tape.at); };
  const goTo = (at: number): void => { standAt(Math.round(at)); };

  function setSpeed(speed: number): void {
    anchor();
    look({ speed });
  }

  return {
    play,
    pause,
    toggle: () => { if (tape.isPlaying) pause(); else play(); },
    standAt,
    goTo,
    stepForward: () => { goTo(Math.floor(tape.at) + 1); },
    stepBack: () => { goTo(Math.ceil(tape.at) - 1); },
    toStart: () => { goTo(0); },
    toEnd: () => { goTo(tape.length); },
    setSpeed,
    changeSpeed: (by) => {
      const speed = speedBeside(tape.speed, by);
      if (speed !== undefined) setSpeed(speed);
    },
  };
}
