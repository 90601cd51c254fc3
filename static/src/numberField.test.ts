// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { expect, test, vi } from "vitest";
import NumberField from "./views/NumberField.svelte";

test("a field takes a fraction within its bounds, and says why it can't take another", async () => {
  const onchange = vi.fn<(value: number) => void>();
  const shown = mount(NumberField, { target: document.body, props: { label: "η", value: 1, minimum: 0, maximum: 1, onchange } });
  const type = (text: string): void => {
    const field = document.querySelector("input");
    if (!field) return;
    field.value = text;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    flushSync();
  };
  type("1/3");
  expect(onchange).toHaveBeenLastCalledWith(1 / 3);
  type("4/3");
  expect(document.querySelector(".error")?.textContent).toBe("Expected a number from 0 to 1, got “4/3”.");
  type("1/0");
  expect(document.querySelector(".error")?.textContent).toBe("Expected a number from 0 to 1, got “1/0”, a division by 0.");
  expect(onchange).toHaveBeenCalledTimes(1);
  await unmount(shown);
});
