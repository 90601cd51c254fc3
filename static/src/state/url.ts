/**
 * The state as a query, and back. Only it and its siblings for the spec, the view and the lenses know that form, and only what differs
 * from the preset is written:
 * ?preset=mse_identity&sizes=5-7-4-3&act=tanh,tanh,identity&seed=2&lr=0.1&n=2&sample=1&at=17&pin=Z[1]@0:3
 * Another optimizer or schedule is opt=adam,beta1:0.8,schedule:cosine,period:15 (lr where only the rate differs), with l1 and l2.
 * Given weights, where a training is gone on with, and data that would make the query too long, stand behind a #
 * (they never go to the server): #w=W₁ rows/b₁~W₂ rows/b₂&start={"step":7,"state":{…}}, with numbers and rows as in x and y.
 * init and seed beside them draw what a change of sizes adds; #kept=… are the weights that drawn ones keep, fewer than there are.
 */
import type { Catalog } from "../api/types";
import { formatSetting } from "../model/format";
import { finite, positive, Reader, type Pair } from "./reader";
import { specOf, type Spec } from "./spec";
import { readSpec, specPairs } from "./specAddress";
import { digitsOf, FIRST_VIEW, type View } from "./view";
import { readView, viewPairs } from "./viewAddress";

export interface Place {
  spec: Spec;
  view: View;
  /** The playhead; null where the address doesn't say. */
  at: number | null;
}

/** Data of more characters stand behind the #. */
const LONG = 1500;
const BEHIND: readonly string[] = ["w", "kept", "start"];

/** What a query may hold as it is keeps its looks: commas, brackets and @ stay readable. */
const readable = (text: string): string =>
  encodeURIComponent(text).replace(/%(2C|2F|3A|3B|40|5B|5D)/g, (code) => decodeURIComponent(code));

/** The query of a state, with its question mark. */
export function writePlace({ spec, view, at }: Place, catalog: Catalog): string {
  const preset = catalog.presets.find(({ name }) => name === spec.preset);
  const pairs = [...specPairs(spec, preset ? specOf(preset, catalog) : spec, catalog), ...viewPairs(view, digitsOf(preset), catalog)];
  if (at !== null) pairs.push(["at", formatSetting(Math.round(at * 100) / 100)]);
  const text = (some: readonly Pair[]): string => some.map(([key, value]) => `${key}=${readable(value)}`).join("&");
  const isBehind = ([key, value]: Pair): boolean => BEHIND.includes(key) || value.length > LONG;
  const behind = pairs.filter(isBehind);
  return `?${text(pairs.filter((pair) => !isBehind(pair)))}${behind.length > 0 ? `#${text(behind)}` : ""}`;
}

/** Whether two are written alike. */
export function isSameSpec(one: Spec, other: Spec, catalog: Catalog): boolean {
  const text = (spec: Spec): string => writePlace({ spec, view: FIRST_VIEW, at: null }, catalog);
  return text(one) === text(other);
}

/** The state that a query, with what stands behind its #, stands for. What can't be used falls back, with a sentence about it. */
export function readPlace(address: string, catalog: Catalog): { place: Place | null; problems: string[] } {
  const [query = "", behind = ""] = address.split("#");
  const reader = new Reader(`${query}&${behind}`);
  const spec = readSpec(reader, catalog);
  if (!spec) return { place: null, problems: ["The server has no presets."] };
  const usual = digitsOf(catalog.presets.find(({ name }) => name === spec.preset));
  const view = readView(reader, spec.X.length, usual, catalog);
  const at = reader.read<number | null>("at", (text) => positive(finite(text)), null, "a step");
  return { place: { spec, view, at }, problems: reader.problems };
}
