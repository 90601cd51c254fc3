/** Writing to the browser's history, which allows only so many writes in a while. */
const WRITE_EVERY = 400;

export class Address {
  #text: () => string;
  #state: () => unknown;
  #written = 0;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(text: () => string, state: () => unknown) {
    this.#text = text;
    this.#state = state;
  }

  /** A new entry. */
  push(): void {
    this.#write("pushState");
  }

  /** The same entry, a few times a second at most: the playhead moves at every frame. */
  note(): void {
    const wait = WRITE_EVERY - (performance.now() - this.#written);
    if (wait <= 0) this.#write("replaceState");
    else this.#later ??= setTimeout(() => { this.#write("replaceState"); }, wait);
  }

  /** The same entry, once nothing has changed for a moment. */
  settle(): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => { this.#write("replaceState"); }, WRITE_EVERY);
  }

  /** What waits is written now. */
  flush(): void {
    if (this.#later !== undefined) this.#write("replaceState");
  }

  /** Browsers refuse where there are very many of these in a short time; the next one makes up for it. */
  #write(how: "pushState" | "replaceState"): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#written = performance.now();
    try {
      history[how](this.#state(), "", this.#text());
    } catch {
      this.note();
    }
  }
}
