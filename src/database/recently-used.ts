/**
 * In characters. A longer key may be one of a kind, such as a statement with values in its text.
 */
const MAX_KEY_LENGTH = 10_000;

/**
 * What was used most recently, by key: at least the last `size` keys, and at most twice as many. A
 * value that is found costs one lookup, because nothing is sorted. Values of long keys are not
 * kept, which bounds the memory of the others.
 */
export class RecentlyUsed<Value> {
  readonly #size: number;
  #recent = new Map<string, Value>();
  #older = new Map<string, Value>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Returns the value of a key, which is created when it is missing. */
  get(key: string, create: (key: string) => Value): Value {
    if (key.length > MAX_KEY_LENGTH) return create(key);
    const found = this.#recent.get(key);
    if (found !== undefined) return found;
    const value = this.#older.get(key) ?? create(key);
    if (this.#recent.size >= this.#size) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
    return value;
  }
}
