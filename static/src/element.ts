import { mount, unmount, type Component } from "svelte";

type Properties = Record<string, unknown>;

/** `max-width` → `maxWidth`; HTML lower-cases attribute names, so the template writes the dashes. */
function propertyName(attribute: string): string {
  return attribute.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Numbers, lists and objects come as JSON; anything else is the text itself. */
function propertyValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export function propertiesOf(element: Element): Properties {
  return Object.fromEntries(
    Array.from(element.attributes, ({ name, value }) => [propertyName(name), propertyValue(value)]),
  );
}

/**
 * Registers a Svelte component as a custom element without a shadow root.
 *
 * Svelte's own `customElement` option injects its styles at run time, which our content security policy blocks.
 */
export function defineElement<P extends Properties>(name: string, component: Component<P>): void {
  class SvelteElement extends HTMLElement {
    #mounted: ReturnType<typeof mount> | undefined;

    connectedCallback(): void {
      if (this.#mounted) return;
      this.replaceChildren();
      this.#mounted = mount(component, { target: this, props: propertiesOf(this) as P });
    }

    disconnectedCallback(): void {
      if (!this.#mounted) return;
      void unmount(this.#mounted);
      this.#mounted = undefined;
    }
  }
  customElements.define(name, SvelteElement);
}
