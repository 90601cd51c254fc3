/** Dragging a thing up and down: a click that moves no further than a few pixels stays a click. */
const SLACK = 3;

export interface Dragging<T> {
  start(event: PointerEvent, thing: T | null): void;
  /** Whether the pointer is taken by a drag. */
  move(event: PointerEvent): boolean;
  end(): void;
  /** Whether the click that follows belongs to a drag that has just ended. */
  swallows(): boolean;
}

/** `ondrag` gets null for the start, then how many pixels up each move went. */
export function dragging<T>(ondrag: (thing: T, pixels: number | null, isFine: boolean) => void): Dragging<T> {
  let held: { thing: T; y: number } | null = null;
  let isMoving = false;
  let wasMoving = false;

  function begin({ clientY, currentTarget, pointerId, shiftKey }: PointerEvent): boolean {
    if (!held || Math.abs(clientY - held.y) <= SLACK) return false;
    if (currentTarget instanceof Element) currentTarget.setPointerCapture(pointerId);
    isMoving = true;
    ondrag(held.thing, null, shiftKey);
    return true;
  }

  return {
    start(event, thing) {
      wasMoving = false;
      held = thing !== null && event.button === 0 ? { thing, y: event.clientY } : null;
    },
    move(event) {
      if (!held || (!isMoving && !begin(event))) return false;
      ondrag(held.thing, held.y - event.clientY, event.shiftKey);
      held.y = event.clientY;
      return true;
    },
    end() {
      wasMoving = isMoving;
      isMoving = false;
      held = null;
    },
    swallows: () => wasMoving,
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
