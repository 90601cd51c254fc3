import { expect, test } from "vitest";
import { shownParameter } from "./parameter";

const NAMES = ["W[1]", "b[1]", "W[2]", "b[2]"];
const update = (result: string) => ({ phase: "update" as const, result });

test("the parameter of the update under way is written out, unless another is chosen", () => {
  expect(shownParameter(NAMES, null, update("W[2]@1"))).toBe("W[2]");
  expect(shownParameter(NAMES, null, update("m_hatb[1]@1"))).toBe("b[1]");
  expect(shownParameter(NAMES, null, update("rW[2]@0"))).toBe("W[2]");
  expect(shownParameter(NAMES, "b[1]", update("W[2]@1"))).toBe("b[1]");
  expect(shownParameter(NAMES, "W[7]", update("W[2]@1"))).toBe("W[2]");
});

test("before the update it is the first one", () => {
  expect(shownParameter(NAMES, null, { phase: "backward", result: "dW[2]@0" })).toBe("W[1]");
  expect(shownParameter(NAMES, null, update("correction1@1"))).toBe("W[1]");
  expect(shownParameter(NAMES, null, null)).toBe("W[1]");
});
