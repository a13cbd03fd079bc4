/** Characters of the queries of one cache. A parsed document takes about a hundred bytes for each. */
const MAX_CHARACTERS = 512 * 1024;
/** Longer queries are not kept: a few of them would push out all others. */
const MAX_QUERY = 32 * 1024;

/**
 * Keeps what was made of queries, by their text, as Yoga asks for it. It is bounded by the length of the texts rather than
 * by their number, as Yoga's own is: a thousand queries of a client may be gigabytes.
 */
export class QueryCache<Value> {
  /** The one used longest ago is the first. */
  readonly #values = new Map<string, Value>();
  #characters = 0;

  get(query: string): Value | undefined {
    const value = this.#values.get(query);
    if (value === undefined) return undefined;
    this.#values.delete(query);
    this.#values.set(query, value);
    return value;
  }

  set(query: string, value: Value): void {
    if (query.length > MAX_QUERY) return;
    if (!this.#values.has(query)) this.#characters += query.length;
    this.#values.set(query, value);
    for (const oldest of this.#values.keys()) {
      if (this.#characters <= MAX_CHARACTERS) return;
      this.#values.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}
