/** How the trace is looked at, as pairs of an address and back: only what differs from the first view is written. */
import type { Catalog } from "../api/types";
import { formatSetting, type Digits } from "../model/format";
import { exerciseText, parseExercise } from "./exercise";
import { lensPairs, readLenses } from "./lensAddress";
import { finite, listed, listOf, oneOf, wholeNumber, type Pair, type Reader } from "./reader";
import { DIGITS, FIRST_VIEW, LENSES, MOST_PINS, REACHES, SPEEDS, WAYS, type Pin, type View } from "./view";

export function viewPairs(view: View, usual: Digits, catalog: Catalog): Pair[] {
  const { lens, sample, speed, digits, pin, probe, exercise } = view;
  const pairs: Pair[] = [];
  if (lens !== FIRST_VIEW.lens) pairs.push(["lens", lens]);
  if (sample !== null) pairs.push(["sample", formatSetting(sample + 1)]);
  if (speed !== FIRST_VIEW.speed) pairs.push(["speed", formatSetting(speed)]);
  if (digits !== usual) pairs.push(["digits", formatSetting(digits)]);
  if (probe.z !== 0 || probe.y !== 0) pairs.push(["probe", `${formatSetting(probe.z)},${formatSetting(probe.y)}`]);
  if (pin) pairs.push(["pin", pinText(pin)]);
  if (exercise) pairs.push(["exercise", exerciseText(exercise)]);
  return [...pairs, ...followPairs(view), ...lensPairs(view, catalog)];
}

/** How the pinned number and the rows are followed. */
function followPairs({ trail, way, hops, row, without }: View): Pair[] {
  const pairs: Pair[] = [];
  if (trail.length > 0) pairs.push(["trail", trail.map(pinText).join(",")]);
  if (way !== FIRST_VIEW.way) pairs.push(["way", way]);
  if (hops !== FIRST_VIEW.hops) pairs.push(["hops", hops]);
  if (row !== null) pairs.push(["row", formatSetting(row + 1)]);
  if (without.length > 0) pairs.push(["without", without.map((sample) => formatSetting(sample + 1)).join(",")]);
  return pairs;
}

const pinText = ({ tensor, cell }: Pin): string => `${tensor}:${String(cell)}`;

function parseProbe(text: string): View["probe"] | undefined {
  const [z, y, ...more] = text.split(",").map(finite);
  return z !== undefined && (y === 0 || y === 1) && more.length === 0 ? { z, y } : undefined;
}

function parsePin(text: string): Pin | undefined {
  const match = /^([A-Za-z]\w*(?:\[\d+\])?@\d+):(\d+)$/.exec(text);
  return match?.[1] === undefined ? undefined : { tensor: match[1], cell: Number(match[2]) };
}

/** How the pinned number and the rows are followed. */
function readFollowing(reader: Reader, samples: number): Pick<View, "trail" | "way" | "hops" | "row" | "without"> {
  const row = reader.read("row", wholeNumber(1, samples), 0, `a row from 1 to ${samples}`);
  const without = reader.read("without", listOf(wholeNumber(1, samples), samples), [], `samples from 1 to ${samples}`);
  return {
    trail: reader.read<readonly Pin[]>("trail", listOf(parsePin, MOST_PINS), [], "cells such as Z[1]@0:3,A[1]@0:3"),
    way: reader.read("way", oneOf(WAYS), FIRST_VIEW.way, `one of ${WAYS.join(", ")}`),
    hops: reader.read("hops", oneOf(REACHES), FIRST_VIEW.hops, `one of ${REACHES.join(", ")}`),
    row: row > 0 ? row - 1 : null,
    without: [...new Set(without)].sort((a, b) => a - b).map((sample) => sample - 1),
  };
}

/** The view, where there are so many samples; `usual` are the preset's digits. */
export function readView(reader: Reader, samples: number, usual: Digits, catalog: Catalog): View {
  const sample = reader.read("sample", wholeNumber(1, samples), 0, `a sample from 1 to ${samples}`);
  return {
    lens: reader.read("lens", oneOf(LENSES), FIRST_VIEW.lens, `one of ${LENSES.join(", ")}`),
    sample: sample > 0 ? sample - 1 : null,
    speed: reader.read("speed", listed(SPEEDS), FIRST_VIEW.speed, `a speed (${SPEEDS.join(", ")})`),
    digits: reader.read("digits", listed(DIGITS), usual, "a number of digits: 2 to 17, 4f, 2e to 17e, or fractions"),
    probe: reader.read("probe", parseProbe, FIRST_VIEW.probe, "a number and a target of 0 or 1"),
    pin: reader.read<View["pin"]>("pin", parsePin, null, "a cell such as Z[1]@0:3"),
    ...readFollowing(reader, samples),
    ...readLenses(reader, catalog),
    exercise: reader.read<View["exercise"]>("exercise", parseExercise, null, "an exercise such as 7.5.easy"),
  };
}
