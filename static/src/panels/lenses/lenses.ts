/** What can stand under the network. Another lens is its name in state/view.ts and an entry here. */
import type { Component } from "svelte";
import type { LensName } from "../../state/view";
import Code from "./code/Code.svelte";
import Numbers from "./Numbers.svelte";

export interface LensProps {
  /** The largest number of each family of tensors, which its colours are measured by. */
  scales: ReadonlyMap<string, number>;
}

interface Lens {
  title: string;
  component: Component<LensProps>;
}

/** A lens without numbers on colour needs no scale. */
const plain = (component: Component): Component<LensProps> => (internals) => component(internals, {});

const LENSES: Readonly<Record<LensName, Lens>> = {
  numbers: { title: "Numbers", component: Numbers },
  code: { title: "Code", component: plain(Code) },
};

export const lensOf = (name: LensName): Lens & { name: LensName } => ({ name, ...LENSES[name] });

export const LENS_TABS = Object.entries(LENSES).map(([name, { title }]) => ({ name: name as LensName, title }));
