/** Live formulas: an equation's LaTeX with the operands' own symbols, and one cell of it with its indices. */
import { indicesOf, type Formula, type Tensor } from "./trace";
import type { Writing } from "./cell";

/** What the result is called where more than its name stands left of the first "=". */
const RESULTS = new Set(["A", "Lp"]);
const WORD = /\\[A-Za-z]+|[A-Za-z]+\d*(?:_(?:next|hat|decayed))?/g;
/** The role that a formula gives its result, for highlighting. */
export const RESULT = "result";

const isTall = (latex: string): boolean => latex.startsWith("\\frac");

/** A fraction needs brackets before an exponent. */
const tight = (latex: string, next: string): string =>
  isTall(latex) && (next === "^" || next === "_") ? `\\left(${latex}\\right)` : latex;

const term = (role: string, latex: string, next: string): string => `\\htmlData{role=${role}}{{${tight(latex, next)}}}`;

/** A symbol without its role; the braces let it bear another exponent. */
const bare: typeof term = (_, latex, next) => `{${tight(latex, next)}}`;

/** The equation with its placeholders replaced; each term carries its role for hovering. */
export function liveLatex(latex: string, operands: ReadonlyMap<string, string>, result: string, write = term): string {
  const equals = latex.indexOf("=");
  const name = latex.slice(0, equals).trim();
  return latex.replace(WORD, (word: string, offset: number) => {
    if (word.startsWith("\\")) return word;
    const next = latex[offset + word.length] ?? "";
    if (offset < equals) return word === name || RESULTS.has(word) ? write(RESULT, result, next) : word;
    const operand = operands.get(word);
    return operand === undefined ? word : write(word, operand, next);
  });
}

/** The same as LaTeX for other programs. */
export function plainLatex(latex: string, operands: ReadonlyMap<string, string>, result: string): string {
  return liveLatex(latex, operands, result, bare);
}

export interface Line {
  /** The order in which the formula names its operands, and what stands after each. */
  parts: { role: string; transposed: boolean; operator: string }[];
  /** Whether operands and operators alone are the whole formula; otherwise something else is done to them. */
  isPlain: boolean;
}

const SPACING = /\\,|\\;|\\bigl|\\bigr|\\Bigl|\\Bigr|\\left|\\right|[\s{}()]/g;
const OPERATORS: readonly [latex: string, sign: string][] = [["\\oplus", "⊕"], ["\\odot", "⊙"], ["-", "−"], ["+", "+"], ["", "·"]];

function operatorIn(text: string): string | null {
  const bare = text.replace("^\\top", "").replace(SPACING, "");
  // Over and under a fraction's line; a product with a bracket is more than its operands.
  if (bare === "" && text.includes("}{")) return "/";
  if (bare === "" && text.includes("(")) return null;
  return OPERATORS.find(([latex]) => latex === bare)?.[1] ?? null;
}

/** The operands as on a blackboard: X · Wᵀ ⊕ b. */
export function blackboardLine(latex: string, roles: readonly string[]): Line {
  const right = latex.slice(latex.indexOf("=") + 1);
  const found: { role: string; start: number; end: number }[] = [];
  for (const match of right.matchAll(WORD)) {
    const role = match[0];
    if (!roles.includes(role) || found.some((each) => each.role === role)) continue;
    found.push({ role, start: match.index, end: match.index + role.length });
  }
  const after = found.map(({ end }, i) => right.slice(end, found[i + 1]?.start ?? right.length));
  const operators = after.map(operatorIn);
  const before = right.slice(0, found[0]?.start ?? 0).replace(SPACING, "");
  const isPlain = before === "" && operators.every((each) => each !== null) && found.length === roles.length;
  const missing = roles.filter((role) => !found.some((each) => each.role === role));
  const parts = found.map(({ role }, i) => ({
    role,
    transposed: after[i]?.startsWith("^\\top") ?? false,
    operator: i === found.length - 1 ? "" : (operators[i] ?? ""),
  }));
  return { parts: [...parts, ...missing.map((role) => ({ role, transposed: false, operator: "" }))], isPlain };
}

const LETTERS: Readonly<Record<string, string>> = { s: "p" };

/** A symbol that has a subscript of its own: the velocity of W. */
const SUBSCRIPTED = /^[^{}]*_\{\w\}\^\{\(\d+\)\}$/;

/** "Z^{(1)}" with "1,3" → "Z^{(1)}_{1,3}". */
export function indexed(latex: string, indices: string): string {
  if (indices === "") return latex;
  if (SUBSCRIPTED.test(latex)) return latex.replace(/_\{(\w)\}/, (_, parameter: string) => `_{${parameter},\\,${indices}}`);
  if (latex === "L_p") return `L_{${indices}}`;
  const layers = [...latex.matchAll(/\^\{\(\d+\)\}/g)].at(-1);
  const inFraction = isTall(latex) && latex.endsWith("}");
  const place = layers ? layers.index + layers[0].length : inFraction ? latex.length - 1 : latex.length;
  return `${latex.slice(0, place)}_{${indices}}${latex.slice(place)}`;
}

function roleLatex(at: Writing, role: string, fixing: ReadonlyMap<string, string>): string {
  const operand = at.operands.get(role);
  if (!operand) return role;
  const word = at.rule.words.get(role) ?? "";
  const places =
    word === "..."
      ? indicesOf(at.cell, operand.tensor.shape).map((index) => String(index + 1))
      : [...word].map((letter) => fixing.get(letter) ?? placeOf(at, letter));
  return term(role, indexed(operand.tensor.latex, places.join(",")), "");
}

function placeOf(at: Writing, letter: string): string {
  const index = at.fixed.get(letter);
  return index === undefined ? (LETTERS[letter] ?? letter) : String(index + 1);
}

const isSum = (formula: Formula): boolean =>
  Array.isArray(formula) && ["+", "-", "sum"].includes(String((formula as readonly Formula[])[0]));

function symbolic(at: Writing, formula: Formula): string {
  if (typeof formula === "number") return String(formula);
  if (typeof formula === "string") return roleLatex(at, formula, new Map());
  const [head, first = 0, second = 0, third = 0] = formula;
  const write = (part: Formula): string => symbolic(at, part);
  const tight = (part: Formula): string => (isSum(part) ? `\\bigl(${write(part)}\\bigr)` : write(part));
  const over = at.free.map((letter) => LETTERS[letter] ?? letter).join(",");
  switch (head) {
    case "+": return `${write(first)} + ${write(second)}`;
    case "-": return `${write(first)} - ${tight(second)}`;
    case "*": return `${tight(first)}\\, ${tight(second)}`;
    case "/": return `\\frac{${write(first)}}{${write(second)}}`;
    case "**": return `${tight(first)}^{${write(second)}}`;
    case "neg": return `-${tight(first)}`;
    case "sum": return `\\sum_{${over}} ${tight(first)}`;
    case "max": return `\\max_{${over}} ${tight(first)}`;
    case "logsumexp": return `\\ln \\sum_{${over}} e^{${write(first)}}`;
    case "at": return atLatex(at, String(first), String(second));
    case "count": return "N";
    case "apply": return `${String(second)}\\bigl(${write(third)}\\bigr)`;
    default: return "";
  }
}

function atLatex(at: Writing, role: string, letter: string): string {
  const free = [...(at.rule.words.get(role) ?? "")].find((each) => at.free.includes(each));
  return roleLatex(at, role, free === undefined ? new Map() : new Map([[free, placeOf(at, letter)]]));
}

/** The cell's formula in symbols, with its own indices. */
export function symbolicLatex(at: Writing, result: Tensor): string {
  const places = indicesOf(at.cell, result.shape).map((index) => String(index + 1));
  return `${term(RESULT, indexed(result.latex, places.join(",")), "")} = ${symbolic(at, at.equation.cell)}`;
}
