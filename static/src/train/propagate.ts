/** The way from a moment to /propagate: the network and the rows of its next step as that page's address. */
import { Channel } from "../api/client";
import type { Tensor, Trace } from "../model/trace";
import { specOf as tracedOf } from "../state/spec";
import { writePlace } from "../state/url";
import { FIRST_VIEW } from "../state/view";
import type { TrainRun } from "./run.svelte";
import { requestOf } from "./spec";
import { message, studio } from "./studio.svelte";
import type { Snapshot, TrainCatalog, TrainRequest, Weights } from "./types";

function rowsOf({ data, shape }: Tensor): number[][] {
  const [count = 1, width = 1] = shape;
  return Array.from({ length: count }, (_, row) => Array.from({ length: width }, (_, column) => data[row * width + column] ?? 0));
}

/** The tensor that the step began with. */
function firstOf({ tensors }: Trace, symbol: string): Tensor | undefined {
  return Object.entries(tensors).find(([id]) => id.startsWith(`${symbol}@`))?.[1];
}

function weightsOf(trace: Trace, count: number): Weights[] {
  return Array.from({ length: count }, (_, i) => {
    const [W, b] = [firstOf(trace, `W[${String(i + 1)}]`), firstOf(trace, `b[${String(i + 1)}]`)];
    return { W: W ? rowsOf(W) : [], b: b ? b.data.map((value) => value ?? 0) : [] };
  });
}

const channel = new Channel();

/** What the server is asked with about the step that follows a moment. */
export function nextStepOf(run: TrainRun, snapshot: Snapshot): TrainRequest & { iteration: number } {
  const body = requestOf(run.spec, run.data, { from: snapshot, epochs: Math.max(run.spec.epochs, Math.floor(snapshot.step / run.perEpoch) + 1) });
  return { ...body, iteration: snapshot.step };
}

/** The trace of the step that follows the shown moment, trained again from that moment by the server. */
async function traceOfStep(): Promise<Trace | null> {
  const { run, snapshot } = studio;
  return run && snapshot ? await channel.ask<Trace>("/api/train-trace", nextStepOf(run, snapshot)) : null;
}

/** Where /propagate shows the step; null where it can't. */
export function addressOf(trace: Trace, catalog: TrainCatalog): string | null {
  const { run, row } = studio;
  const preset = catalog.presets.find(({ request }) => request.loss);
  const [X, Y] = [firstOf(trace, "A[0]"), firstOf(trace, "Y")];
  if (!run || !preset || !X || !Y) return null;
  const layers = weightsOf(trace, run.spec.hidden.length + 1);
  const spec = {
    ...tracedOf(preset),
    sizes: [X.shape[1] ?? 1, ...layers.map(({ b }) => b.length)],
    activations: [...run.spec.hidden.map(({ activation }) => activation), run.spec.output],
    weights: { kind: "given" as const, layers },
    loss: run.spec.loss,
    X: rowsOf(X),
    Y: rowsOf(Y),
    learningRate: row?.learning_rate ?? run.spec.learning.numbers["learning_rate"] ?? 0.1,
    iterations: 1,
  };
  return `/propagate${writePlace({ spec, view: FIRST_VIEW, at: 0 }, { ...catalog, optimizers: [] })}`;
}

/** Opens the step there, or says why it can't be opened. */
export async function openStep(): Promise<string | null> {
  const { catalog } = studio;
  try {
    const trace = await traceOfStep();
    const address = trace && catalog ? addressOf(trace, catalog) : null;
    if (address) location.assign(address);
    return null;
  } catch (error) {
    return message(error);
  }
}
