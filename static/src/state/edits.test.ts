import { expect, test } from "vitest";
import { Edits } from "./edits";

test("a hundred edits are walked back and forth; a new one drops what lay ahead", () => {
  const edits = new Edits<string>();
  edits.standAt(0, "0");
  for (let i = 1; i <= 100; i++) edits.add(String(i));
  expect([edits.behind, edits.ahead]).toEqual([100, 0]);
  for (let i = 99; i >= 0; i--) expect(edits.move(-1)).toBe(String(i));
  expect(edits.move(-1)).toBeUndefined();
  expect([edits.behind, edits.ahead]).toEqual([0, 100]);
  for (let i = 1; i <= 60; i++) expect(edits.move(1)).toBe(String(i));
  edits.add("other");
  expect([edits.behind, edits.ahead]).toEqual([61, 0]);
  expect(edits.move(-1)).toBe("60");
});

test("after a reload what lies behind is counted, and isn't at hand", () => {
  const edits = new Edits<string>();
  edits.standAt(5, "now");
  expect(edits.behind).toBe(5);
  expect(edits.move(-1)).toBeUndefined();
  expect(edits.behind).toBe(5);
  edits.replace("other");
  edits.add("next");
  expect(edits.move(-1)).toBe("other");
});
