import { expect, test } from "vitest";
import { piecesOf, type Piece } from "./products";

const shapes = new Map([["A", [3, 5]], ["W", [7, 5]], ["b", [7]], ["dZ", [3, 7]], ["Y", [3, 2]]]);
const operands = (pieces: readonly Piece[]): unknown[] => pieces.flatMap((piece) => (piece.kind === "operand" ? [[piece.text, piece.shape]] : []));
const meetings = (pieces: readonly Piece[]): unknown[] => pieces.flatMap((piece) => (piece.kind === "operator" ? [piece.inner] : []));

test("an expression keeps its text", () => {
  for (const code of ["A @ W.T + b", "b - eta * (dZ.T @ ones((N, 1)))", "A @ W.T + b[:, None]", "dZ.sum(axis=0)", "(A - Y[:, 0]) / N"]) {
    expect(piecesOf(code, shapes).map(({ text }) => text).join("")).toBe(code);
  }
});

test("each operand has the shape that it takes part with", () => {
  expect(operands(piecesOf("A @ W.T + b[:, None]", shapes))).toEqual([["A", [3, 5]], ["W.T", [5, 7]], ["b[:, None]", [7, 1]]]);
  expect(operands(piecesOf("(A - Y[:, 0]) / N", shapes))).toEqual([["A", [3, 5]], ["Y[:, 0]", [3]]]);
});

test("a product says which sizes meet", () => {
  expect(meetings(piecesOf("A @ W.T + b", shapes))).toEqual([[5, 5]]);
  expect(meetings(piecesOf("A @ W + b", shapes))).toEqual([[5, 7]]);
  expect(meetings(piecesOf("dZ.T @ A", shapes))).toEqual([[3, 3]]);
});
