/** The one state of the page: what is computed, how it is looked at, and what follows from both. Only its siblings here change it. */
import type { Catalog, Trace } from "../api/types";
import { questionsOf } from "../model/exercise";
import type { Plan } from "../model/reuse";
import { momentAt, timelineOf, versionsOf } from "../model/timeline";
import { firstOpen, masked } from "./blanks";
import { exerciseText } from "./exercise";
import { digest, exerciseKey, settledOf, storedRecords, type Records } from "./sitting";
import { requestOf, type Spec } from "./spec";
import { FIRST_VIEW, type Pin, type View } from "./view";

export type Status =
  | { kind: "loading"; isSlow: boolean }
  | { kind: "ready" }
  | { kind: "failed"; message: string };

/** Cells pointed at: one of a matrix, or all that a neuron stands for. */
export interface Focus {
  tensor: string;
  cells: readonly number[];
}

/** What a trace was asked for with. */
export interface Traced {
  spec: Spec;
  sample: number | null;
}

/** Where the playhead stood before a shorter trace, and where that put it. */
interface PutBack {
  from: number;
  to: number;
}

const NO_QUESTIONS: ReturnType<typeof questionsOf> = [];

class Store {
  catalog = $state.raw<Catalog | null>(null);
  spec = $state.raw<Spec | null>(null);
  view = $state.raw<View>(FIRST_VIEW);
  at = $state(0);
  /** Null once the playhead is moved by hand. */
  putBack: PutBack | null = null;
  isPlaying = $state(false);
  /** The trace as the server sent it. */
  received = $state.raw<Trace | null>(null);
  /** What the trace on the screen was asked for with. */
  traced = $state.raw<Traced | null>(null);
  /** The trace that was on the screen before the last edit. */
  before = $state.raw<Trace | null>(null);
  /** A trace with these steps and shapes; it stays the same as long as only numbers change, so that nothing else is worked out anew. */
  plan = $state.raw<Plan>({ steps: [], tensors: {}, equations: {} });
  status = $state.raw<Status>({ kind: "loading", isSlow: false });
  problems = $state.raw<readonly string[]>([]);
  focus = $state.raw<Focus | null>(null);
  /** The number of the written-out sum that is pointed at. */
  term = $state.raw<Pin | null>(null);
  /** The operand whose term of the formula is pointed at. */
  role = $state<string | null>(null);
  undoable = $state(0);
  /** How many edits lie ahead, as far as this page has seen. */
  redoable = $state(0);

  /** What was answered in this sitting. */
  records = $state.raw<Records>(storedRecords());
  experiment = $derived(this.traced ? digest(JSON.stringify(requestOf(this.traced.spec, this.traced.sample))) : "");
  exerciseKey = $derived(this.view.exercise ? exerciseKey(this.experiment, exerciseText(this.view.exercise)) : "");
  settled = $derived(settledOf(this.records, this.exerciseKey));
  questions = $derived(this.view.exercise && this.received ? questionsOf(this.received, this.view.exercise) : NO_QUESTIONS);
  /** The question that the playhead can't pass; null where none is open. */
  asked = $derived(firstOpen(this.questions, this.settled));
  /** The trace as far as it may be seen: what an exercise still asks is blank. */
  trace = $derived(this.received && masked(this.received, this.questions, this.settled));

  timeline = $derived(timelineOf(this.plan));
  versions = $derived(versionsOf(this.plan));
  /** How far the playhead can go: to the end, or to the step that an exercise asks. */
  length = $derived(this.asked ? this.asked.step + 1 : this.timeline.length);
  speed = $derived(this.view.speed);
  /** How many steps are done. */
  done = $derived(Math.floor(this.at));
  step = $derived(momentAt(this.at, this.timeline.length).step);
  progress = $derived(momentAt(this.at, this.timeline.length).progress);
  current = $derived(this.plan.steps[this.step] ?? null);
  iteration = $derived(this.timeline.iterationOf[this.step] ?? 0);
  isStale = $derived(
    this.trace !== null && (this.traced?.spec !== this.spec || this.traced?.sample !== this.view.sample),
  );
  /** Where the playhead is again once a trace is as long as it was. */
  get wished(): number {
    return this.putBack?.to === this.at ? this.putBack.from : this.at;
  }

  /** As `isStale`, but not for the moment that an answer takes: docs/decisions/0020. */
  isOutOfDate = $derived(
    this.isStale && (this.status.kind === "failed" || (this.status.kind === "loading" && this.status.isSlow)),
  );
}

export const store = new Store();
