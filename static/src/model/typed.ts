/** Numbers as a person types them. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const FRACTION = /^([+-]?(?:\d+\.?\d*|\.\d+))\s*\/\s*(\d+\.?\d*|\.\d+)$/;

const plain = (text: string): string => text.trim().replace("−", "-");

function valueOf(text: string): number {
  const [, top, bottom] = FRACTION.exec(text) ?? [];
  if (top !== undefined && bottom !== undefined) return Number(top) / Number(bottom);
  return DECIMAL.test(text) ? Number(text) : NaN;
}

/** A decimal number, or a fraction of two; null: it is neither, or beyond what can be held. */
export function parseNumber(text: string): number | null {
  const value = valueOf(plain(text));
  return Number.isFinite(value) ? value : null;
}

/** What was typed, for a sentence about it. */
export function quoted(text: string): string {
  if (text.trim() === "") return "nothing";
  const [, , bottom] = FRACTION.exec(plain(text)) ?? [];
  return `“${text.trim()}”${bottom !== undefined && Number(bottom) === 0 ? ", a division by 0" : ""}`;
}
