import { describe, expect, test } from "vitest";
import { edgeAt, neighbourOf, networkLayout, neuronAt, segments, visibleUnits } from "./layout";

test("a small layer shows every unit, a large one its first and last few", () => {
  expect(visibleUnits(24)).toEqual({ units: Array.from({ length: 24 }, (_, i) => i), hidden: 0 });
  const { units, hidden } = visibleUnits(784);
  expect(units.slice(0, 2)).toEqual([0, 1]);
  expect(units.at(-1)).toBe(783);
  expect(units.length + hidden).toBe(784);
  expect(units).toHaveLength(22);
});

describe.each([340, 390, 760, 1600])("at %i px", (width) => {
  const layout = networkLayout([5, 7, 4, 3], width);

  test("everything is inside and nothing overlaps", () => {
    for (const { x, slots } of layout.columns) {
      expect(x - layout.radius).toBeGreaterThanOrEqual(0);
      expect(x + layout.radius).toBeLessThanOrEqual(width);
      slots.forEach(({ y }, i) => {
        expect(y - layout.radius).toBeGreaterThan(0);
        expect(y + layout.radius).toBeLessThan(layout.height);
        const next = slots[i + 1];
        if (next) expect(next.y - y).toBeGreaterThan(2 * layout.radius);
      });
    }
  });

  test("columns are evenly spaced from left to right", () => {
    const xs = layout.columns.map(({ x }) => x);
    expect((xs[1] ?? 0) - (xs[0] ?? 0)).toBeCloseTo(layout.gap);
    expect((xs[3] ?? 0) - (xs[2] ?? 0)).toBeCloseTo(layout.gap);
  });
});

test("each edge of a layer is drawn once, out × in", () => {
  const edges = segments(networkLayout([5, 7, 4, 3], 800), 2);
  expect(edges).toHaveLength(28);
  expect(new Set(edges.map((edge) => `${edge.out}:${edge.in}`)).size).toBe(28);
});

test("784 units are a column of 22 circles and a gap", () => {
  const layout = networkLayout([784, 10], 800);
  const [first] = layout.columns;
  expect(first?.slots).toHaveLength(22);
  expect(first?.hidden).toBe(762);
  expect(first?.gapY).toBeCloseTo((50 + layout.height - 26) / 2, 0);
  expect(layout.height).toBeLessThan(560);
});

test.each([340, 390, 760])("in two lanes 32 units stand whole and apart, at %i px", (width) => {
  const layout = networkLayout([2, 32, 32, 1], width, { most: 16, lanes: 2 });
  const [, first, second] = layout.columns;
  expect(first?.slots.map(({ unit }) => unit)).toEqual(Array.from({ length: 32 }, (_, unit) => unit));
  expect([first?.hidden, first?.gapY]).toEqual([0, null]);
  for (const slots of [first?.slots ?? [], second?.slots ?? []]) {
    for (const { unit, x, y } of slots) {
      expect(y - layout.radius).toBeGreaterThan(0);
      expect(y + layout.radius).toBeLessThan(layout.height);
      for (const other of slots) if (other.unit !== unit) expect(Math.hypot(other.x - x, other.y - y)).toBeGreaterThan(2 * layout.radius);
    }
  }
  const right = (slots: readonly { x: number }[] = []): number => Math.max(...slots.map(({ x }) => x));
  const left = (slots: readonly { x: number }[] = []): number => Math.min(...slots.map(({ x }) => x));
  expect(left(second?.slots) - right(first?.slots)).toBeGreaterThan(2 * layout.radius);
  const odd = first?.slots[5];
  expect(neuronAt(layout, odd?.x ?? 0, odd?.y ?? 0)).toEqual({ layer: 1, unit: 5 });
  expect(networkLayout([2, 33], width, { most: 16, lanes: 2 }).columns[1]?.hidden).toBe(19);
});

test("a point finds its neuron, or else the nearest edge", () => {
  const layout = networkLayout([2, 1], 600);
  const [input, output] = layout.columns;
  const [top] = input?.slots ?? [];
  const [only] = output?.slots ?? [];
  if (!input || !output || !top || !only) throw new Error("the network isn't there");
  expect(neuronAt(layout, input.x + 3, top.y - 3)).toEqual({ layer: 0, unit: 0 });
  expect(neuronAt(layout, 300, 10)).toBeNull();
  const edges = [segments(layout, 1)];
  const middle = [(input.x + output.x) / 2, (top.y + only.y) / 2] as const;
  expect(edgeAt(edges, middle[0], middle[1] + 3)).toEqual({ layer: 1, out: 0, in: 0 });
  expect(edgeAt(edges, middle[0], middle[1] - 30)).toBeNull();
});

test("arrow keys lead to the neighbours, and nowhere past the ends", () => {
  const layout = networkLayout([5, 7, 3], 800);
  expect(neighbourOf(layout, "ArrowDown", 0, 1)).toEqual({ layer: 0, unit: 2 });
  expect(neighbourOf(layout, "ArrowUp", 0, 0)).toBeNull();
  expect(neighbourOf(layout, "ArrowRight", 0, 2)).toEqual({ layer: 1, unit: 3 });
  expect(neighbourOf(layout, "ArrowRight", 2, 1)).toBeNull();
  expect(neighbourOf(layout, "Enter", 1, 1)).toBeNull();
});
