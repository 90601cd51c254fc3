/** The word that stands at a neuron which learns nothing, by "layer:unit". */
import type { components } from "../api/schema";

export type Diagnosis = components["schemas"]["DiagnosisAnswer"];
export type UnitHealth = components["schemas"]["UnitAnswer"];

export function unitNotes(found: Diagnosis | null): ReadonlyMap<string, string> {
  const word = ({ state }: UnitHealth): string => (state === "dead" ? "† dead" : "≈ flat");
  return new Map(found?.units.map((each) => [`${String(each.layer)}:${String(each.unit)}`, word(each)]));
}
