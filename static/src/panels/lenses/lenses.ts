/** What can stand under the network. Another lens is its name in state/view.ts and an entry here. */
import type { Component } from "svelte";
import type { LensName } from "../../state/view";
import Cancel from "./Cancel.svelte";
import Check from "./check/Check.svelte";
import Code from "./Code.svelte";
import Exercise from "./exercise/Exercise.svelte";
import Health from "./health/Health.svelte";
import Numbers from "./Numbers.svelte";
import Shapes from "./Shapes.svelte";
import Story from "./story/Story.svelte";
import Update from "./update/Update.svelte";

export interface LensProps {
  /** The largest number of each family of tensors, which its colours are measured by. */
  scales: ReadonlyMap<string, number>;
}

interface Lens {
  title: string;
  /** One that has no use for the scales takes no props. */
  component: Component<LensProps> | Component<Record<string, never>>;
  /** It shows what the trace of the page holds and nothing more, so that it gives no answer of an open exercise away. */
  isSafe?: boolean;
}

const LENSES: Readonly<Record<LensName, Lens>> = {
  numbers: { title: "Numbers", component: Numbers, isSafe: true },
  cancel: { title: "Why things cancel", component: Cancel },
  shapes: { title: "Shapes", component: Shapes },
  check: { title: "Gradient check", component: Check },
  update: { title: "Update", component: Update },
  health: { title: "Health", component: Health },
  story: { title: "Story", component: Story, isSafe: true },
  exercise: { title: "Exercise", component: Exercise, isSafe: true },
  code: { title: "Code", component: Code },
};

export interface Shown extends Lens {
  name: LensName;
  component: Component<LensProps>;
}

export const lensOf = (name: LensName): Shown => ({ ...LENSES[name], name, component: LENSES[name].component as Component<LensProps> });

export const LENS_TABS = Object.entries(LENSES).map(([name, { title }]) => ({ name: name as LensName, title }));
