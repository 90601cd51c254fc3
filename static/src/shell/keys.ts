/** What a page's keys do, and which of them are the page's at the moment. */
type Action = () => void;

export interface Keys {
  /** By the name of the key, pressed alone. */
  readonly plain: Readonly<Record<string, Action>>;
  /** Where there is no sheet to close. */
  readonly escape?: Action;
  readonly undo?: Action;
  readonly redo?: Action;
}

const TEXT = "textarea, select, [contenteditable], input:not([type=range]):not([type=checkbox])";
const PRESSED = "button, a, summary, [type=checkbox]";

const isText = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.matches(TEXT);
/** Space presses what has the focus, and nothing else. */
const isPressed = ({ key, target }: KeyboardEvent): boolean =>
  key === " " && target instanceof HTMLElement && target.closest(PRESSED) !== null;

/** A slider is moved by these keys; the playhead's own is moved by the page, with the same ones. */
const MOVES: readonly string[] = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];
const isMoved = ({ key, target }: KeyboardEvent): boolean =>
  MOVES.includes(key) && target instanceof HTMLElement && target.matches("[type=range]:not([data-playhead])");

/** The action of a key, unless what has the focus needs the key itself. */
export function actionOf(event: KeyboardEvent, keys: Keys): Action | undefined {
  if (isText(event.target)) return undefined;
  if (event.ctrlKey || event.metaKey) return withControl(event, keys);
  return isPressed(event) || isMoved(event) ? undefined : keys.plain[event.key];
}

function withControl({ key, shiftKey }: KeyboardEvent, { undo, redo }: Keys): Action | undefined {
  if (key.toLowerCase() !== "z") return undefined;
  return shiftKey ? redo : undo;
}
