// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { propertiesOf } from "./element";

test("attributes are read as JSON where they are JSON, under camel-case names", () => {
  document.body.innerHTML = `<p sizes="[5,7]" max-width="3" title="a word" dense="true"></p>`;
  const element = document.querySelector("p");
  expect(element && propertiesOf(element)).toEqual({
    sizes: [5, 7],
    maxWidth: 3,
    title: "a word",
    dense: true,
  });
});
