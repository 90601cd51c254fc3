/** The story as text to copy: plain, as a table for other programs, and as Markdown. */
import { valueAt, type Tensor, type Trace } from "./trace";
import { sentenceOf, type Chapter, type Made, type Operand } from "./story";
import type { WriteNumber } from "./narration";
import { PHASE_WORDS } from "./words";

/** Sentences in one copy; a larger trace gives the first of each step, and says so. */
export const MOST_SENTENCES = 5000;

const COLUMNS = ["step", "phase", "equation", "latex", "operands", "result", "shape", "values"] as const;

export const operandText = ({ name, shape }: Operand): string => `${name} (${shape})`;

function sentences(trace: Trace, chapters: readonly Chapter[], write: WriteNumber): string[][] {
  const most = Math.max(1, Math.floor(MOST_SENTENCES / Math.max(1, chapters.length)));
  return chapters.map((chapter) => {
    const shown = Math.min(chapter.size, most);
    const lines = Array.from({ length: shown }, (_, cell) => sentenceOf(trace, chapter, cell, write).text);
    return shown < chapter.size ? [...lines, `… and ${String(chapter.size - shown)} more numbers; the table to copy has them all.`] : lines;
  });
}

export function asText(title: string, trace: Trace, chapters: readonly Chapter[], write: WriteNumber): string {
  const lines = sentences(trace, chapters, write);
  const parts = chapters.map(({ heading, made }, i) => [heading + ".", ...(made ? [`${made.words}.`] : []), ...(lines[i] ?? [])].join("\n"));
  return [title, ...parts].join("\n\n") + "\n";
}

export function asMarkdown(title: string, trace: Trace, chapters: readonly Chapter[], write: WriteNumber): string {
  const lines = sentences(trace, chapters, write);
  const parts = chapters.map(({ heading }, i) => [`## ${heading}`, "", ...(lines[i] ?? []).map((line) => `- ${escaped(line)}`)].join("\n"));
  return [`# ${title}`, markdownTable(chapters), ...parts].join("\n\n") + "\n";
}

/** Signs that Markdown would take for its own. */
const escaped = (text: string): string => text.replace(/[\\*_<>|[\]]/g, "\\$&");

function markdownTable(chapters: readonly Chapter[]): string {
  const rows = chapters.flatMap(({ made }) => (made ? [markdownRow(made)] : []));
  return ["| Step | Phase | Equation | Formula | Operands | Result |", "|---:|---|---|---|---|---|", ...rows].join("\n");
}

function markdownRow({ index, phase, words, latex, operands, result }: Made): string {
  // A bar would end the cell.
  const formula = `$${latex.replaceAll("|", "\\vert ")}$`;
  const cells = [String(index + 1), PHASE_WORDS[phase], escaped(words), formula, ...[operands.map(operandText).join(", "), operandText(result)].map(escaped)];
  return `| ${cells.join(" | ")} |`;
}

/** A row a step, with every number in all its digits; commas or tabs between the columns. */
export function asTable(chapters: readonly Chapter[], separator: "," | "\t"): string {
  const rows = chapters.flatMap(({ tensor, made }) => (made ? [tableRow(made, tensor)] : []));
  return [COLUMNS, ...rows].map((row) => row.map((text) => quoted(text, separator)).join(separator)).join("\r\n") + "\r\n";
}

function tableRow({ index, phase, words, latex, operands, result }: Made, tensor: Tensor): string[] {
  return [String(index + 1), phase, words, latex, operands.map(operandText).join("; "), result.name, result.shape, valuesText(tensor)];
}

const quoted = (text: string, separator: string): string =>
  text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** The numbers as nested lists, as JSON has them; unbounded ones as Infinity. */
function valuesText(tensor: Tensor): string {
  const texts = tensor.data.map((_, cell) => String(valueAt(tensor, cell)));
  const [, columns] = tensor.shape;
  if (tensor.shape.length === 0) return texts.join("");
  if (columns === undefined) return `[${texts.join(", ")}]`;
  const rows = Array.from({ length: tensor.shape[0] ?? 0 }, (_, row) => texts.slice(row * columns, (row + 1) * columns));
  return `[${rows.map((row) => `[${row.join(", ")}]`).join(", ")}]`;
}
