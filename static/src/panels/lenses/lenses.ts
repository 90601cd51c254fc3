/** What can stand under the network. Another lens is its name in state/view.ts and an entry here. */
import type { Component } from "svelte";
import type { LensName } from "../../state/view";
import Check from "./check/Check.svelte";
import Numbers from "./Numbers.svelte";
import Update from "./update/Update.svelte";

export interface LensProps {
  /** The largest number of each family of tensors, which its colours are measured by. */
  scales: ReadonlyMap<string, number>;
}

interface Lens {
  title: string;
  /** One that has no use for the scales takes no props. */
  component: Component<LensProps> | Component<Record<string, never>>;
}

const LENSES: Readonly<Record<LensName, Lens>> = {
  numbers: { title: "Numbers", component: Numbers },
  check: { title: "Gradient check", component: Check },
  update: { title: "Update", component: Update },
};

export interface Shown extends Lens {
  name: LensName;
  component: Component<LensProps>;
}

export const lensOf = (name: LensName): Shown => ({ ...LENSES[name], name, component: LENSES[name].component as Component<LensProps> });

export const LENS_TABS = Object.entries(LENSES).map(([name, { title }]) => ({ name: name as LensName, title }));
