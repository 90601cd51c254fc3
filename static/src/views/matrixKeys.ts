/** What a key does on a cell of a matrix. */
type Action = { kind: "pick" } | { kind: "move" } | { kind: "edit"; text: string | null } | { kind: "nudge"; count: 1 | -1 };

const FIGURE = /^[0-9.\-+−]$/;
const MOVES = /^(Arrow(Left|Right|Up|Down)|Home|End)$/;

interface Cell {
  isPinned: boolean;
  isEditable: boolean;
}

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

/** The action, or null where the key isn't the matrix's. */
export function actionOf({ key, ctrlKey, metaKey, altKey }: Press, { isPinned, isEditable }: Cell): Action | null {
  if (ctrlKey || metaKey) return null;
  if (altKey) return nudgeOf(key, isEditable);
  if (isEditable && (key === "F2" || (key === "Enter" && isPinned))) return { kind: "edit", text: null };
  if (key === "Enter") return { kind: "pick" };
  if (isEditable && FIGURE.test(key)) return { kind: "edit", text: key };
  return MOVES.test(key) ? { kind: "move" } : null;
}

function nudgeOf(key: string, isEditable: boolean): Action | null {
  if (!isEditable || (key !== "ArrowUp" && key !== "ArrowDown")) return null;
  return { kind: "nudge", count: key === "ArrowUp" ? 1 : -1 };
}

/** The cell that an event is about. */
export function cellOf(event: Event): number | null {
  const element = event.target instanceof Element ? event.target.closest("[data-cell]") : null;
  return element ? Number(element.getAttribute("data-cell")) : null;
}

export const isTouch = (event: MouseEvent): boolean => event instanceof PointerEvent && event.pointerType === "touch";
