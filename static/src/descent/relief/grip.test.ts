import { expect, test } from "vitest";
import { Grip } from "./grip";

test("one finger turns, by what it moved since the last time", () => {
  const grip = new Grip();
  expect(grip.move(1, 5, 5)).toBeNull();
  grip.hold(1, 10, 20);
  expect(grip.move(1, 13, 18)).toEqual({ right: 3, down: -2, apart: 1 });
  expect(grip.move(1, 14, 18)).toEqual({ right: 1, down: 0, apart: 1 });
  grip.release(1);
  expect([grip.isHeld, grip.move(1, 0, 0)]).toEqual([false, null]);
});

test("two fingers bring nearer and don't turn; the one that stays turns again without a jump", () => {
  const grip = new Grip();
  grip.hold(1, 0, 0);
  grip.hold(2, 0, 100);
  expect(grip.move(2, 0, 150)).toEqual({ right: 0, down: 0, apart: 1.5 });
  expect(grip.move(1, 0, 75)).toEqual({ right: 0, down: 0, apart: 0.5 });
  grip.hold(3, 50, 50);
  expect(grip.move(3, 60, 60)).toBeNull();
  grip.release(1);
  expect(grip.move(2, 1, 150)).toEqual({ right: 1, down: 0, apart: 1 });
});
