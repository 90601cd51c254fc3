/** Dragging a thing up and down: a click that moves no further than a few pixels stays a click. */
const SLACK = 3;
/** A mouse may report a thousand moves a second; more often than this, in ms, none is taken before its frame. */
const SOONEST = 6;

export interface Dragging<T> {
  start(event: PointerEvent, thing: T | null): void;
  /** Whether the pointer is taken by a drag. */
  move(event: PointerEvent): boolean;
  /** A move that comes before its frame: only a drag that is on takes it. */
  moveEarly(event: PointerEvent): void;
  end(): void;
  /** Whether the click that follows belongs to a drag that has just ended. */
  swallows(): boolean;
}

/** `ondrag` gets null for the start, then how many pixels up each move went. */
export function dragging<T>(ondrag: (thing: T, pixels: number | null, isFine: boolean) => void): Dragging<T> {
  let held: { thing: T; y: number } | null = null;
  let isMoving = false;
  let wasMoving = false;
  let last = 0;

  function begin({ clientY, currentTarget, pointerId, shiftKey }: PointerEvent): boolean {
    if (!held || Math.abs(clientY - held.y) <= SLACK) return false;
    if (currentTarget instanceof Element) currentTarget.setPointerCapture(pointerId);
    isMoving = true;
    ondrag(held.thing, null, shiftKey);
    return true;
  }

  function move(event: PointerEvent): boolean {
    if (!held || (!isMoving && !begin(event))) return false;
    const pixels = held.y - event.clientY;
    held.y = event.clientY;
    if (pixels !== 0) ondrag(held.thing, pixels, event.shiftKey);
    return true;
  }

  return {
    start(event, thing) {
      wasMoving = false;
      held = thing !== null && event.button === 0 ? { thing, y: event.clientY } : null;
    },
    move,
    moveEarly(event) {
      if (!isMoving || event.timeStamp - last < SOONEST) return;
      last = event.timeStamp;
      move(event);
    },
    end() {
      wasMoving = isMoving;
      isMoving = false;
      held = null;
    },
    swallows: () => wasMoving,
  };
}

/**
 * An attachment: moves as they happen. Browsers hold `pointermove` back until the next frame, up to 16 ms; what is asked
 * of the server can be on its way before (measured: `python -m benchmarks.propagate_page`). Where there is no such event,
 * `pointermove` alone is heard.
 */
export function early(onmove: (event: PointerEvent) => void): (element: HTMLElement) => () => void {
  const listener = (event: Event): void => { if (event instanceof PointerEvent) onmove(event); };
  return (element) => {
    element.addEventListener("pointerrawupdate", listener);
    return () => { element.removeEventListener("pointerrawupdate", listener); };
  };
}

/** An attachment: a finger scrolls the page, unless it is on what is held. */
export function holdingTouch(isHeld: (touch: Touch) => boolean): (element: HTMLElement) => () => void {
  function ontouchstart(event: TouchEvent): void {
    const [touch] = event.touches;
    if (touch && event.cancelable && isHeld(touch)) event.preventDefault();
  }
  return (element) => {
    element.addEventListener("touchstart", ontouchstart, { passive: false });
    return () => { element.removeEventListener("touchstart", ontouchstart); };
  };
}
