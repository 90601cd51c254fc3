/** What the pictures show of a moment: the network over the inputs, and on every row. Asked again for each moment, the newest one first. */
import { untrack } from "svelte";
import { askRegions } from "../../api/regions";
import { Channel } from "../../api/client";
import type { GivenLayer } from "../../api/types";
import type { DataChoice, DataSetAnswer } from "../types";
import { THUMB } from "./faces";
import type { NeuronPlace, PictureData, Predictions, Regions, Sheet, Window } from "./types";

/** Samples a side of the plane. */
export const SIDE = 150;
const CURVE_POINTS = 160;

/** What is made of a point before the network gets it, as the server takes it. */
export interface Preparation {
  readonly features?: readonly string[];
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

export const preparationOf = ({ features }: DataChoice, { mean, std }: DataSetAnswer): Preparation => ({ ...(features ? { features } : {}), ...(mean && std ? { mean, std } : {}) });

/** Which network, on which data: everything that an answer depends on. */
export interface Moment {
  readonly choice: DataChoice;
  readonly data: PictureData;
  readonly preparation: Preparation;
  readonly layers: readonly GivenLayer[];
  readonly loss: string;
}

/** Whether two moments are of one network on one data set, so that the pictures of one can stand until the other's are here. */
export const isAlike = (one: Moment, other: Moment): boolean => one.data === other.data && one.layers.length === other.layers.length && one.layers.every(({ b }, i) => b.length === other.layers[i]?.b.length);

/**
 * An answer that follows what it is asked for. One question at a time: the newest one waits, those between are left out,
 * so that a stream of moments is shown as fast as they can be answered, and none is aborted on the way.
 */
export class Follower<Q, A> {
  answer = $state.raw<{ question: Q; answer: A } | null>(null);
  problem = $state.raw<string | null>(null);
  /** How many were answered. */
  count = 0;
  #ask: (question: Q) => Promise<A | null>;
  #wanted: Q | null = null;
  #isAsking = false;

  constructor(ask: (question: Q) => Promise<A | null>) {
    this.#ask = ask;
  }

  follow(question: Q | null): void {
    this.#wanted = question;
    if (question === null) this.answer = null;
    else if (!this.#isAsking) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isAsking = true;
    while (this.#wanted !== null) {
      const question = this.#wanted;
      this.#wanted = null;
      try {
        const answer = await this.#ask(question);
        if (answer !== null) {
          this.answer = { question, answer };
          this.problem = null;
          this.count++;
        }
      } catch (error) {
        this.problem = error instanceof Error ? error.message : String(error);
      }
    }
    this.#isAsking = false;
  }
}

export interface PlaneQuestion {
  moment: Moment;
  view: Window;
}

export const followPlane = (): Follower<PlaneQuestion, Regions> =>
  new Follower(({ moment, view }) => askRegions({ network: { layers: moment.layers }, view, shape: [SIDE, SIDE], neurons: [THUMB, THUMB], inputs: true, ...moment.preparation }));

/** The layers up to one neuron, which is then the only output. */
export function upTo(layers: readonly GivenLayer[], { layer, unit }: NeuronPlace): GivenLayer[] {
  return layers.slice(0, layer).map((each, i) => (i < layer - 1 ? each : { ...each, W: each.W.slice(unit, unit + 1), b: each.b.slice(unit, unit + 1) }));
}

/** A hidden neuron as finely as the plane. */
export const followNeuron = (): Follower<PlaneQuestion & { place: NeuronPlace }, Sheet> =>
  new Follower(async ({ moment, view, place }) => {
    const found = await askRegions({ network: { layers: upTo(moment.layers, place) }, view, shape: [SIDE, SIDE], neurons: null, ...moment.preparation });
    return found?.outputs[0] ?? null;
  });

export const followPredictions = (): Follower<Moment, Predictions> => {
  const channel = new Channel();
  return new Follower(({ choice, data, layers, loss }) => channel.ask<Predictions>("/api/predictions", { data: choice, network: { layers }, loss, outputs: data.image_shape === null }));
};

interface Activations {
  /** As they were before they were standardised. */
  readonly inputs: number[][];
  readonly activations: number[][][];
}

/** The inputs and every layer's activations at some points. */
const activationsAt = (channel: Channel, moment: Moment, at: readonly (readonly number[])[]): Promise<Activations | null> =>
  channel.ask<Activations>("/api/regions", { network: { layers: moment.layers }, at, ...moment.preparation });

export interface Curve {
  xs: readonly number[];
  layers: readonly (readonly (readonly number[])[])[];
}

export const followCurve = (): Follower<{ moment: Moment; span: readonly [number, number] }, Curve> => {
  const channel = new Channel();
  return new Follower(async ({ moment, span: [from, to] }) => {
    const xs = Array.from({ length: CURVE_POINTS }, (_, i) => from + ((to - from) * i) / (CURVE_POINTS - 1));
    const found = await activationsAt(channel, moment, xs.map((x) => [x]));
    return found && { xs, layers: found.activations };
  });
};

/** Every layer's activations for one row. */
export const followSample = (): Follower<{ moment: Moment; point: readonly number[] }, number[][]> => {
  const channel = new Channel();
  return new Follower(async ({ moment, point }) => {
    const found = await activationsAt(channel, moment, [point]);
    return found && found.activations.map(([row]) => row ?? []);
  });
};

/** The inputs and every layer at a single point now and then; several may be asked at once. */
export async function readPoint(moment: Moment, point: readonly number[]): Promise<number[][] | null> {
  try {
    const found = await activationsAt(new Channel(), moment, [point]);
    return found && [found.inputs, ...found.activations].map(([row]) => row ?? []);
  } catch {
    return null;
  }
}

/** Has a follower follow what `question` says, whenever that changes. To be called as a component starts. */
export function keepAsking<Q, A>(follower: Follower<Q, A>, question: () => Q | null): Follower<Q, A> {
  $effect(() => {
    const wanted = question();
    untrack(() => { follower.follow(wanted); });
  });
  return follower;
}
