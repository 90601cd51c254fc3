/** On small screens the rail and the inspector are sheets; one at most is open. */
export type Sheet = "rail" | "inspector";

export const SHEETS: readonly Sheet[] = ["rail", "inspector"];
/** Below this width the rail and the inspector are sheets. */
export const hasSheets = matchMedia("(max-width: 1099px)");

class Sheets {
  open = $state<Sheet | null>(null);
}

export const sheets = new Sheets();

export function closeSheet(): void {
  sheets.open = null;
}
