/** Where the neurons of a network stand: one column a layer; a column with many units has two lanes, or is condensed around a gap. */
export interface Slot {
  unit: number;
  /** The column's, or beside it where its units stand in two lanes. */
  x: number;
  y: number;
}

export interface Column {
  layer: number;
  size: number;
  x: number;
  slots: Slot[];
  /** Units that aren't drawn, and where "⋮ n more" stands in their place. */
  hidden: number;
  gapY: number | null;
}

export interface Layout {
  width: number;
  height: number;
  radius: number;
  /** Between two columns. */
  gap: number;
  columns: Column[];
}

export interface Segment {
  out: number;
  in: number;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

export const MOST_CIRCLES = 24;
const TOP = 50;
const BOTTOM = 26;
/** Between the circles of two lanes. */
const LANE_GAP = 4;
/** A circle's radius of the room between two columns: the rest is for edges. */
const [CIRCLE_SHARE, LANE_SHARE] = [0.3, 0.17];

/** The units of a layer that are drawn: all, or the first and the last few. */
export function visibleUnits(size: number, most = MOST_CIRCLES): { units: number[]; hidden: number } {
  const all = Array.from({ length: size }, (_, unit) => unit);
  if (size <= most) return { units: all, hidden: 0 };
  const half = Math.floor((most - 1) / 2);
  return { units: [...all.slice(0, half), ...all.slice(size - half)], hidden: size - 2 * half };
}

interface Room {
  x: number;
  middle: number;
  /** From one unit to the next of its lane. */
  pitch: number;
  radius: number;
}

function condensed(layer: number, size: number, { x, middle, pitch }: Room, most: number): Column {
  const { units, hidden } = visibleUnits(size, most);
  const places = units.length + (hidden > 0 ? 1 : 0);
  const gapPlace = hidden > 0 ? units.length / 2 : -1;
  const y = (place: number): number => middle + (place - (places - 1) / 2) * pitch;
  return {
    layer,
    size,
    x,
    hidden,
    gapY: hidden > 0 ? y(gapPlace) : null,
    slots: units.map((unit, i) => ({ unit, x, y: y(hidden > 0 && i >= gapPlace ? i + 1 : i) })),
  };
}

/** Units by turns in a left and a right lane, each half a pitch below the one before. */
function inLanes(layer: number, size: number, { x, middle, pitch, radius }: Room): Column {
  const aside = radius + LANE_GAP / 2;
  const slots = Array.from({ length: size }, (_, unit) => ({ unit, x: x + (unit % 2 === 0 ? -aside : aside), y: middle + ((unit - (size - 1) / 2) * pitch) / 2 }));
  return { layer, size, x, hidden: 0, gapY: null, slots };
}

/** How many circles stand above each other, a gap counting as one. */
const rowsOf = (size: number, { most, lanes }: Crowd): number => (isLaned(size, { most, lanes }) ? (size + 1) / 2 : Math.min(size, most));
const isLaned = (size: number, { most, lanes }: Crowd): boolean => lanes === 2 && size > most && size <= 2 * most;

/** How many units a lane holds, and how many lanes a column may have. With fewer circles, each is larger. */
interface Crowd {
  most: number;
  lanes: 1 | 2;
}

/** `lead` is room before the inputs, for their names. */
export function networkLayout(sizes: readonly number[], width: number, { most = MOST_CIRCLES, lanes = 1, lead = 0 }: Partial<Crowd> & { lead?: number } = {}): Layout {
  const crowd = { most, lanes };
  const narrow = width < 560;
  const rows = sizes.map((size) => rowsOf(size, crowd));
  const tallest = Math.max(1, ...rows);
  const pitch = Math.max(18, Math.min(narrow ? 42 : 46, 400 / tallest));
  const side = narrow ? 50 : Math.min(120, Math.max(56, width * 0.09));
  const gap = sizes.length > 1 ? (width - 2 * side - lead) / (sizes.length - 1) : 0;
  const share = sizes.some((size) => isLaned(size, crowd)) ? LANE_SHARE : CIRCLE_SHARE;
  const radius = Math.max(4, Math.min(21, pitch * 0.42, sizes.length > 1 ? gap * share : 21));
  const height = TOP + BOTTOM + Math.max(tallest, 3) * pitch;
  const middle = TOP + (height - TOP - BOTTOM) / 2;
  const columns = sizes.map((size, layer) => {
    const own = Math.min(pitch * 1.2, ((height - TOP - BOTTOM) / Math.max(1, rows[layer] ?? 1)));
    const room = { x: sizes.length > 1 ? side + lead + layer * gap : width / 2, middle, pitch: own, radius };
    return isLaned(size, crowd) ? inLanes(layer, size, room) : condensed(layer, size, room, most);
  });
  return { width, height, radius, gap, columns };
}

/** Where an arrow key leads: to the neighbour in the column, or to the one at the same height in the next column. */
export function neighbourOf(layout: Layout, key: string, layer: number, unit: number): { layer: number; unit: number } | null {
  const slots = layout.columns[layer]?.slots ?? [];
  const place = slots.findIndex((slot) => slot.unit === unit);
  if (key === "ArrowUp" || key === "ArrowDown") {
    const next = slots[place + (key === "ArrowUp" ? -1 : 1)];
    return next ? { layer, unit: next.unit } : null;
  }
  if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
  const other = layout.columns[layer + (key === "ArrowLeft" ? -1 : 1)];
  const y = slots[place]?.y ?? 0;
  const [nearest] = [...(other?.slots ?? [])].sort((a, b) => Math.abs(a.y - y) - Math.abs(b.y - y));
  return other && nearest ? { layer: other.layer, unit: nearest.unit } : null;
}

/** The drawn edges into `layer` (1…), rim to rim; each runs from a unit of the layer before. */
export function segments(layout: Layout, layer: number): Segment[] {
  const [from, to] = [layout.columns[layer - 1], layout.columns[layer]];
  if (!from || !to) return [];
  return to.slots.flatMap(({ unit: out, x: x2, y: y2 }) =>
    from.slots.map(({ unit, x: x1, y: y1 }) => {
      const length = Math.hypot(x2 - x1, y2 - y1) || 1;
      const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
      const rim = layout.radius + 1;
      return {
        out,
        in: unit,
        x1: x1 + dx * rim,
        y1: y1 + dy * rim,
        x2: x2 - dx * rim,
        y2: y2 - dy * rim,
      };
    }),
  );
}

/** The drawn neuron whose circle holds the point. */
export function neuronAt(layout: Layout, x: number, y: number): { layer: number; unit: number } | null {
  const reach = layout.radius + 2;
  for (const { layer, slots } of layout.columns) {
    const slot = slots.find((each) => Math.hypot(x - each.x, y - each.y) <= reach);
    if (slot) return { layer, unit: slot.unit };
  }
  return null;
}

function distance(s: Segment, x: number, y: number): number {
  const [dx, dy] = [s.x2 - s.x1, s.y2 - s.y1];
  const along = ((x - s.x1) * dx + (y - s.y1) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x - s.x1 - t * dx, y - s.y1 - t * dy);
}

/** The nearest edge within `reach` px of the point. */
export function edgeAt(
  edges: readonly (readonly Segment[])[],
  x: number,
  y: number,
  reach = 5,
): { layer: number; out: number; in: number } | null {
  let best: { layer: number; out: number; in: number } | null = null;
  let least = reach;
  edges.forEach((layer, index) => {
    for (const segment of layer) {
      if (x < segment.x1 - reach || x > segment.x2 + reach) continue;
      const away = distance(segment, x, y);
      if (away > least) continue;
      least = away;
      best = { layer: index + 1, out: segment.out, in: segment.in };
    }
  });
  return best;
}
