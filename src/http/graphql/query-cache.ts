/** The most characters of all queries in one cache. A parsed query takes 100 bytes for each. */
const MAX_CHARACTERS = 512 * 1024;
/** Longer queries are not cached: a few of them would evict all others. */
const MAX_QUERY = 32 * 1024;

/**
 * A least recently used cache by the text of queries, for Yoga's parser and validation cache. It is
 * bounded by the total length of the queries. Yoga's own cache is bounded by their number, and a
 * thousand long queries may take gigabytes.
 */
export class QueryCache<Value> {
  /** The least recently used first. */
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
