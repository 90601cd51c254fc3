// @vitest-environment happy-dom
import { flushSync, mount, tick, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Matrix from "./views/Matrix.svelte";
import type { TensorData } from "./views/types";

const Z: TensorData = {
  symbol: "Z",
  title: "pre-activation",
  latex: "Z^{(1)}",
  axes: ["samples", "units[1]"],
  shape: [2, 3],
  data: [0.5, -0.4211, null, 0, -0, 1e-14],
  unbounded: [{ cell: 2, sign: -1 }],
};

let shown: Record<string, unknown> | undefined;
const onhover = vi.fn<(cell: number | null) => void>();
const onpick = vi.fn<(cell: number) => void>();

function show(tensor: TensorData | null, ghost: TensorData = Z, label = "Z[1]"): HTMLElement[] {
  shown = mount(Matrix, {
    target: document.body,
    props: { tensor, ghost, scale: 1, digits: 4, marks: new Map([[1, "selected"]]), label, onhover, onpick },
  });
  flushSync();
  return [...document.querySelectorAll<HTMLElement>("[data-cell]")];
}

beforeEach(() => {
  onhover.mockReset();
  onpick.mockReset();
});
afterEach(async () => {
  if (shown) await unmount(shown);
  shown = undefined;
});

test("every cell says its number, its place and its mark", () => {
  const cells = show(Z);
  expect(cells.map((cell) => cell.textContent.trim())).toEqual(["0.5", "−0.4211", "−∞", "0", "−0", "<1e−12"]);
  expect(cells[1]?.getAttribute("aria-label")).toBe("Z[1], sample 1, unit 2: −0.4211");
  expect(cells[1]?.classList.contains("selected")).toBe(true);
  expect(cells[1]?.title).toBe("−0.4211");
  expect(document.querySelector("figcaption")?.textContent).toContain("2 × 3");
});

test("the inputs are X to a screen reader too", () => {
  const cells = show(Z, Z, "A[0]@0");
  expect(cells[1]?.getAttribute("aria-label")).toBe("X, sample 1, unit 2: −0.4211");
  expect(document.querySelector("[role=grid]")?.getAttribute("aria-label")).toBe("X, pre-activation");
  expect(document.querySelector("figure")?.dataset["tensor"]).toBe("A[0]@0");
});

test("a tensor that isn't computed yet shows its shape and no numbers", () => {
  const cells = show(null);
  expect(cells.map((cell) => cell.textContent.trim())).toEqual(Array.from({ length: 6 }, () => "·"));
  expect(cells[0]?.getAttribute("aria-label")).toContain("not computed yet");
});

test("one cell is in the tab order; arrows move it, Enter picks", async () => {
  const cells = show(Z);
  expect(cells.map((cell) => cell.tabIndex)).toEqual([0, -1, -1, -1, -1, -1]);
  cells[0]?.focus();
  cells[0]?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  await tick();
  await tick();
  expect(document.activeElement).toBe(cells[3]);
  expect(onhover).toHaveBeenLastCalledWith(3);
  cells[3]?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  expect(onpick).toHaveBeenCalledWith(3);
});

test("pointing and clicking tell the cell", () => {
  const cells = show(Z);
  cells[4]?.dispatchEvent(new Event("pointerover", { bubbles: true }));
  expect(onhover).toHaveBeenLastCalledWith(4);
  cells[4]?.click();
  expect(onpick).toHaveBeenCalledWith(4);
});

// Without an observer everything counts as on the screen.
vi.stubGlobal("IntersectionObserver", undefined);

test("a large matrix draws only the cells near its frame", () => {
  const data = Array.from({ length: 128 * 784 }, (_, i) => i);
  const cells = show({ ...Z, shape: [128, 784], data, unbounded: null }, { ...Z, shape: [128, 784] });
  expect(cells.length).toBeGreaterThan(20);
  expect(cells.length).toBeLessThan(1500);
});

test("what the last edit changed is marked, and says what it was", () => {
  shown = mount(Matrix, {
    target: document.body,
    props: {
      tensor: Z, ghost: Z, scale: 1, digits: 4, marks: new Map(), label: "Z[1]", onhover, onpick,
      previous: { ...Z, data: [0.5, -0.4, null, 0, 0, 1e-14] },
    },
  });
  flushSync();
  const cells = [...document.querySelectorAll<HTMLElement>("[data-cell]")];
  expect(cells.map((cell) => cell.classList.contains("edited"))).toEqual([false, true, false, false, true, false]);
  expect(cells[1]?.title).toBe("−0.4 → −0.4211");
  expect(cells[1]?.getAttribute("aria-label")).toBe("Z[1], sample 1, unit 2: −0.4211, was −0.4");
});

test("a given number is opened by F2, a figure, or Enter on the pinned cell, and nudged with Alt", () => {
  const onedit = vi.fn<(cell: number, element: HTMLElement, text: string | null) => void>();
  const onnudge = vi.fn<(cell: number, count: number, isFine: boolean) => void>();
  shown = mount(Matrix, {
    target: document.body,
    props: { tensor: Z, ghost: Z, scale: 1, digits: 4, marks: new Map([[4, "pinned"]]), label: "W[1]", onhover, onpick, onedit, onnudge },
  });
  flushSync();
  const cells = [...document.querySelectorAll<HTMLElement>("[data-cell]")];
  const press = (cell: number, init: KeyboardEventInit): void => { cells[cell]?.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, ...init })); };
  press(1, { key: "F2" });
  press(2, { key: "7" });
  press(4, { key: "Enter" });
  press(3, { key: "Enter" });
  expect(onedit.mock.calls.map(([cell, , text]) => [cell, text])).toEqual([[1, null], [2, "7"], [4, null]]);
  expect(onpick.mock.calls).toEqual([[3]]);
  press(1, { key: "ArrowUp", altKey: true });
  press(1, { key: "ArrowDown", altKey: true, shiftKey: true });
  expect(onnudge.mock.calls).toEqual([[1, 1, false], [1, -1, true]]);
  press(1, { key: "z", ctrlKey: true });
  expect(onedit).toHaveBeenCalledTimes(3);
});

test("fractions stand in their cells, and what has none says that it is rounded", async () => {
  shown = mount(Matrix, {
    target: document.body,
    props: {
      tensor: Z, ghost: Z, scale: 1, digits: "fractions", marks: new Map(), label: "Z[1]", onhover, onpick,
      fractions: ["1/2", null, null, "0", "0", null],
    },
  });
  flushSync();
  const cells = [...document.querySelectorAll<HTMLElement>("[data-cell]")];
  expect(cells.map((cell) => cell.textContent.trim())).toEqual(["1/2", "≈−0.4211", "−∞", "0", "0", "<1e−12"]);
  expect(cells[1]?.title).toBe("−0.4211");
  await tick();
});
