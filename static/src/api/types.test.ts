/** Compiled, not run: what the server's OpenAPI document says must fit the types that the page is written against. */
import { expectTypeOf, test } from "vitest";
import type { components } from "./schema";
import type { Catalog, Trace } from "./types";

type Schemas = components["schemas"];

test("the catalogue and the trace are what the server promises", () => {
  expectTypeOf<Omit<Schemas["Catalog"], "presets">>().toExtend<Omit<Catalog, "presets">>();
  expectTypeOf<Schemas["TraceAnswer"]["steps"]>().toExtend<Trace["steps"]>();
  expectTypeOf<Schemas["TraceAnswer"]["tensors"]>().toExtend<Trace["tensors"]>();
  expectTypeOf<Schemas["TraceAnswer"]["diverged"]>().toExtend<Trace["diverged"]>();
});
