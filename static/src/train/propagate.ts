/** The way from a moment to /propagate: the network and the rows of its next step as that page's address. */
import { Channel } from "../api/client";
import type { Tensor, Trace } from "../model/trace";
import { specOf as tracedOf } from "../state/spec";
import { writePlace } from "../state/url";
import { FIRST_VIEW } from "../state/view";
import type { TrainRun } from "./run.svelte";
import { requestOf } from "./spec";
import { message, studio } from "./studio.svelte";
import type { Snapshot, TrainCatalog, TrainRequest } from "./types";

function rowsOf({ data, shape }: Tensor): number[][] {
  const [count = 1, width = 1] = shape;
  return Array.from({ length: count }, (_, row) => Array.from({ length: width }, (_, column) => data[row * width + column] ?? 0));
}

/** The tensor that the step began with. */
function firstOf({ tensors }: Trace, symbol: string): Tensor | undefined {
  return Object.entries(tensors).find(([id]) => id.startsWith(`${symbol}@`))?.[1];
}

const channel = new Channel();

/** What the server is asked with about the step that follows a moment. */
export function nextStepOf(run: TrainRun, snapshot: Snapshot): TrainRequest & { iteration: number } {
  const body = requestOf(run.spec, run.data, { from: snapshot, epochs: Math.max(run.spec.epochs, Math.floor(snapshot.step / run.perEpoch) + 1) });
  return { ...body, iteration: snapshot.step };
}

/** Where /propagate shows the step of which this is the trace; null where it can't. */
export function addressOf(run: TrainRun, { step, layers, state }: Snapshot, trace: Trace, catalog: TrainCatalog): string | null {
  const preset = catalog.presets.find(({ request }) => request.loss);
  const [X, Y] = [firstOf(trace, "A[0]"), firstOf(trace, "Y")];
  if (!preset || !X || !Y) return null;
  const { hidden, output, loss, learning, l1, l2 } = run.spec;
  const spec = {
    ...tracedOf(preset, catalog),
    sizes: [X.shape[1] ?? 1, ...layers.map(({ b }) => b.length)],
    activations: [...hidden.map(({ activation }) => activation), output],
    weights: { kind: "given" as const, layers },
    X: rowsOf(X),
    Y: rowsOf(Y),
    start: { step, state },
    iterations: 1,
    loss, learning, l1, l2,
  };
  return `/propagate${writePlace({ spec, view: FIRST_VIEW, at: 0 }, catalog)}`;
}

/** Opens the step that follows the shown moment, trained again from there by the server; or says why it can't be opened. */
export async function openStep(): Promise<string | null> {
  const { catalog, run, snapshot } = studio;
  if (!catalog || !run || !snapshot) return null;
  try {
    const trace = await channel.ask<Trace>("/api/train-trace", nextStepOf(run, snapshot));
    const address = trace && addressOf(run, snapshot, trace, catalog);
    if (address) location.assign(address);
    return null;
  } catch (error) {
    return message(error);
  }
}
