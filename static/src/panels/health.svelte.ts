/** What the diagnosis of the shown run says, for every panel: asked while somebody looks at it. */
import { Asking } from "./lenses/asking.svelte";
import type { Diagnosis } from "./notes";

export const diagnosis = new Asking<Diagnosis>("/api/diagnosis");
