import type { Readable } from 'node:stream';
import { FilePart } from './file-part.ts';
import type { PartHeader } from './part-headers.ts';

/** The file parts of one form so far, and which of them `map` names. */
export class FormParts {
  readonly #parts = new Map<string, FilePart>();
  /** The names of the file parts in `map`; undefined until `map` was read. */
  #expected: ReadonlySet<string> | undefined;
  /** Whether there is a part that `map` does not name: the parser may hold its bytes. */
  #hasUnexpected = false;

  /** Sets the names in `map`, once. */
  expect(names: ReadonlySet<string>): void {
    this.#expected ??= names;
  }

  /** Whether `map` was read. */
  get areExpected(): boolean {
    return this.#expected !== undefined;
  }

  /** Adds a part that `map` names. Returns false when there is one with this name already. */
  add(name: string, stream: Readable, header: PartHeader): boolean {
    if (!this.#expected?.has(name)) this.#hasUnexpected = true;
    else if (this.#parts.has(name)) return false;
    else this.#parts.set(name, new FilePart(stream, header));
    return true;
  }

  /** The parts that were added, in the order of the form. */
  get all(): Iterable<FilePart> {
    return this.#parts.values();
  }

  get isEmpty(): boolean {
    return this.#parts.size === 0;
  }

  get(name: string): FilePart | undefined {
    return this.#parts.get(name);
  }

  /** A name in `map` of which the form has no part. */
  get missing(): string | undefined {
    return [...(this.#expected ?? [])].find((name) => !this.#parts.has(name));
  }

  /** Whether all parts are there, and the form has only bytes of failed ones left. */
  get areDecided(): boolean {
    if (this.#parts.size !== this.#expected?.size) return false;
    const parts = [...this.#parts.values()];
    return parts.every((part) => part.isEnded || part.hasFailed) && !parts.every((part) => part.isEnded);
  }

  /** Whether the parser or a part may refer to bytes of a chunk that the parser has read. */
  get mayHoldBytes(): boolean {
    if (!this.#expected || this.#hasUnexpected) return true;
    for (const part of this.#parts.values()) if (part.hasBufferedBytes) return true;
    return false;
  }
}
