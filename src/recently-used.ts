/**
 * A cache by text, of what was used most recently: it keeps at least the last `characters` of keys,
 * and at most twice as many. What a parsed query or a prepared statement takes in memory grows with
 * its text, so a bound of their number would bound nothing.
 *
 * A value that is found costs one lookup, because nothing is sorted: keys that were used since the
 * last turn are kept, and all others are dropped at once.
 */
export class RecentlyUsed<Value> {
  readonly #characters: number;
  #recent = new Map<string, Value>();
  #recentCharacters = 0;
  #older = new Map<string, Value>();

  constructor(characters: number) {
    this.#characters = characters;
  }

  get(key: string): Value | undefined {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  /**
   * Keeps the value, unless its key has more than an eighth of the characters: it may be one of a
   * kind, such as a statement with values in its text, and would replace many others.
   */
  set(key: string, value: Value): void {
    if (key.length > this.#characters / 8) return;
    if (!this.#recent.has(key)) this.#makeRoom(key.length);
    this.#recent.set(key, value);
  }

  #makeRoom(characters: number): void {
    if (this.#recentCharacters + characters > this.#characters) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#recentCharacters = 0;
    }
    this.#recentCharacters += characters;
  }
}
