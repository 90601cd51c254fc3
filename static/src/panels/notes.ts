/** The word that stands at a neuron which learns nothing in an iteration, by "layer:unit". */
import type { components } from "../api/schema";

export type Diagnosis = components["schemas"]["DiagnosisAnswer"];
export type UnitHealth = components["schemas"]["UnitAnswer"];

export function unitNotes(found: Diagnosis | null, iteration: number): ReadonlyMap<string, string> {
  const word = ({ state }: UnitHealth): string => (state === "dead" ? "† dead" : "≈ flat");
  const now = found?.units.filter(({ since, until }) => since <= iteration && (until === null || iteration < until));
  return new Map(now?.map((each) => [`${String(each.layer)}:${String(each.unit)}`, word(each)]));
}
