/** What can stand under the network. Another lens is its name in state/view.ts and an entry here. */
import type { Component } from "svelte";
import type { LensName } from "../../state/view";
import Exercise from "./exercise/Exercise.svelte";
import Numbers from "./Numbers.svelte";

export interface LensProps {
  /** The largest number of each family of tensors, which its colours are measured by. */
  scales: ReadonlyMap<string, number>;
}

interface Lens {
  title: string;
  component: Component<LensProps>;
  /** It shows what the trace of the page holds and nothing more, so that it gives no answer of an open exercise away. */
  isSafe?: boolean;
}

const LENSES: Readonly<Record<LensName, Lens>> = {
  numbers: { title: "Numbers", component: Numbers, isSafe: true },
  exercise: { title: "Exercise", component: Exercise, isSafe: true },
};

export const lensOf = (name: LensName): Lens & { name: LensName } => ({ name, ...LENSES[name] });

export const LENS_TABS = Object.entries(LENSES).map(([name, { title }]) => ({ name: name as LensName, title }));
