/** Small tables as text: one row a line, numbers separated by commas or spaces. */
import { formatSetting } from "../model/format";
import { parseNumber, quoted } from "../model/typed";
import { count } from "../model/words";

export type Parsed = { rows: number[][] } | { problem: string };

export function rowsText(rows: readonly (readonly number[])[], separator = "\n"): string {
  return rows.map((row) => row.map(formatSetting).join(separator === "\n" ? ", " : ",")).join(separator);
}

function parseRow(line: string, place: number): { row: number[] } | { problem: string } {
  const texts = line.trim().replace(/\s*\/\s*/g, "/").split(/\s*[,\t]\s*|\s+/);
  const row: number[] = [];
  for (const [column, text] of texts.entries()) {
    const value = parseNumber(text);
    if (value === null) return { problem: `Line ${place}, column ${column + 1}: expected a number, got ${quoted(text)}.` };
    row.push(value);
  }
  return { row };
}

/** Reads a table; a problem names its line and column. */
export function parseRows(text: string, separator = "\n"): Parsed {
  const rows: number[][] = [];
  for (const [index, line] of text.split(separator).entries()) {
    if (line.trim() === "") continue;
    const parsed = parseRow(line, index + 1);
    if ("problem" in parsed) return parsed;
    const width = rows[0]?.length ?? parsed.row.length;
    if (parsed.row.length !== width) {
      return { problem: `Line ${index + 1} has ${count(parsed.row.length, "number")}; the first row has ${width}.` };
    }
    rows.push(parsed.row);
  }
  return rows.length > 0 ? { rows } : { problem: "Expected at least one row of numbers." };
}
