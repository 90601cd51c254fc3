/** A NumPy expression over matrices, taken apart so that each factor's shape can stand under it and each product be checked. */
export type Shape = readonly number[];

export type Piece =
  | { kind: "operand"; text: string; role: string; shape: Shape }
  | { kind: "operator"; text: string; inner: readonly [number, number] | null }
  | { kind: "text"; text: string };

const PARTS = /([A-Za-z]+)((?:\.T\b|\[[^\]]*\])*)|(@|[+\-*/])|([^A-Za-z@+\-*/]+|.)/g;
/** What an index does to a matrix's shape. */
const INDEXES: Readonly<Record<string, (shape: Shape) => Shape>> = {
  ".T": (shape) => shape.toReversed(),
  "[:, None]": ([rows = 1]) => [rows, 1],
  "[:, 0]": ([rows = 1]) => [rows],
  "[:, :1]": ([rows = 1]) => [rows, 1],
};

function shapeAfter(shape: Shape, suffix: string): Shape {
  const steps = suffix.match(/\.T|\[[^\]]*\]/g) ?? [];
  return steps.reduce<Shape>((now, step) => INDEXES[step]?.(now) ?? now, shape);
}

/** The two sizes that meet in a product: columns of the left factor, rows of the right one. */
function meeting(pieces: readonly Piece[], at: number): readonly [number, number] | null {
  const [left, right] = [pieces.slice(0, at).findLast(({ kind }) => kind === "operand"), pieces.slice(at + 1).find(({ kind }) => kind === "operand")];
  if (left?.kind !== "operand" || right?.kind !== "operand") return null;
  return [left.shape.at(-1) ?? 1, right.shape[0] ?? 1];
}

/** The pieces of an expression such as "A @ W.T + b", with the shapes of its operands. */
export function piecesOf(code: string, shapes: ReadonlyMap<string, Shape>): Piece[] {
  const pieces = [...code.matchAll(PARTS)].map(([text, name, suffix = "", operator]): Piece => {
    const shape = name === undefined ? undefined : shapes.get(name);
    if (name !== undefined && shape) return { kind: "operand", text, role: name, shape: shapeAfter(shape, suffix) };
    if (operator === "@") return { kind: "operator", text, inner: null };
    return { kind: "text", text };
  });
  return pieces.map((piece, i) => (piece.kind === "operator" ? { ...piece, inner: meeting(pieces, i) } : piece));
}
