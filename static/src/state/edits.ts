/** The row of edits that can be walked back and forth. After a reload only those made since are at hand. */
export class Edits<T> {
  #entries: (T | undefined)[] = [];
  #place = 0;

  /** How many edits lie behind, those before a reload too. */
  get behind(): number {
    return this.#place;
  }

  /** How many lie ahead, as far as this page has seen. */
  get ahead(): number {
    return Math.max(0, this.#entries.length - 1 - this.#place);
  }

  /** Stands at a place, with what is there now. */
  standAt(place: number, entry: T): void {
    this.#place = place;
    this.#entries[place] = entry;
  }

  /** One more; what lay ahead is gone. */
  add(entry: T): void {
    this.#entries.length = this.#place + 1;
    this.#entries.push(entry);
    this.#place++;
  }

  /** The place here has another content. */
  replace(entry: T): void {
    this.#entries[this.#place] = entry;
  }

  /** A step back or forward: what is there, or undefined where it isn't at hand and nothing has moved. */
  move(by: 1 | -1): T | undefined {
    const entry = this.#entries[this.#place + by];
    if (entry !== undefined) this.#place += by;
    return entry;
  }
}
