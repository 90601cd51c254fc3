/** The frame of a large matrix: which of its cells are within sight, and how one is brought there. */
import { visibleRange, type GridShape, type Range } from "../model/grid";

interface Measures {
  grid: GridShape;
  cellWidth: number;
  cellHeight: number;
  /** It has more cells than are drawn at once. */
  isLarge: boolean;
  isNear: boolean;
}

/** The least width of the rows' numbers. */
const SIDE = 26;
const NONE: Range = { first: 0, end: 0 };

export class Frame {
  element = $state<HTMLElement>();
  width = $state(0);
  height = $state(0);
  #x = $state(0);
  #y = $state(0);
  #measures: () => Measures;

  constructor(measures: () => Measures) {
    this.#measures = measures;
  }

  rows = $derived.by(() => {
    const { grid, cellHeight, isLarge, isNear } = this.#measures();
    if (!isLarge) return { first: 0, end: grid.rows };
    return isNear ? visibleRange(this.#y, this.height || 400, cellHeight, grid.rows) : NONE;
  });

  columns = $derived.by(() => {
    const { grid, cellWidth, isLarge } = this.#measures();
    return isLarge ? visibleRange(this.#x, this.width || 600, cellWidth, grid.columns) : { first: 0, end: grid.columns };
  });

  /** What sticks to the edge of its frame is a layer of its own, so that it sticks only where the frame scrolls. */
  scrolls = $derived.by(() => {
    const { grid, cellWidth, cellHeight, isLarge } = this.#measures();
    const side = grid.rowName === null ? 0 : SIDE;
    return isLarge || grid.columns * cellWidth + side > this.width + 1 || grid.rows * cellHeight > this.height + 1;
  });

  isDrawn(cell: number): boolean {
    const { columns } = this.#measures().grid;
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    return row >= this.rows.first && row < this.rows.end && column >= this.columns.first && column < this.columns.end;
  }

  elementOf(cell: number): HTMLElement | null {
    return this.element?.querySelector(`[data-cell="${String(cell)}"]`) ?? null;
  }

  onscroll = (): void => {
    if (!this.element || !this.#measures().isLarge) return;
    [this.#x, this.#y] = [this.element.scrollLeft, this.element.scrollTop];
  };

  /** Brings a cell that isn't drawn to the middle. */
  reveal(cell: number): void {
    const { grid, cellWidth, cellHeight, isLarge } = this.#measures();
    if (!isLarge || !this.element || this.isDrawn(cell)) return;
    this.element.scrollTop = Math.max(0, Math.floor(cell / grid.columns) * cellHeight - this.height / 2);
    this.element.scrollLeft = Math.max(0, (cell % grid.columns) * cellWidth - this.width / 2);
    this.onscroll();
  }
}
