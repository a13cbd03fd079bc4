import type { FilePart } from './file-part.ts';

/**
 * The media type of a form as clients send it, with a boundary of characters that need no escape.
 * https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1
 */
const PLAIN_TYPE = /^\s*multipart\/form-data\s*;\s*boundary=(?:"([\w'()+,./:=?-]{1,70})"|([\w'+.-]{1,70}))\s*$/i;

/** What ends the headers of a part. */
const END_OF_HEADERS = '\r\n\r\n';
/** The least content of which the parser reads only the first byte: less is not worth a call. */
const MIN_CONTENT = 4096;

/**
 * Passes the content of files past the parser, which would search it byte by byte for the
 * delimiter, and copy it. The parser sees everything else: fields, the headers of parts, and each
 * delimiter. A form whose media type is written in an unusual way is left to the parser.
 */
export class ContentBypass {
  /** What ends the content of each part. */
  readonly #delimiter: Buffer | undefined;
  /** The part whose content the parser is in the middle of, if it holds none of it back. */
  #part: FilePart | undefined;
  /** Whether a delimiter is next, and the parser holds nothing back. */
  #isAtDelimiter = false;
  /** Whether the parser has read just the beginning of a part, from its delimiter on. */
  #isBeginning = false;

  constructor(contentType: string | undefined) {
    const [, quoted, token] = PLAIN_TYPE.exec(contentType ?? '') ?? [];
    const boundary = quoted ?? token;
    if (boundary !== undefined) this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /**
   * Writes the beginning of the chunk to the part that it is content of, whether or not a delimiter
   * follows. Returns the number of bytes: 0 where only the parser knows. `wait` as for `FilePart`.
   */
  pass(chunk: Buffer, wait: (drained: Promise<void>) => void): number {
    const part = this.#part;
    this.#isAtDelimiter = false;
    if (!part || part.isEnded || !this.#delimiter) return 0;
    const end = chunk.indexOf(this.#delimiter);
    const length = end >= 0 ? end : this.#beginOfTail(chunk);
    if (length < chunk.length) this.#part = undefined;
    this.#isAtDelimiter = end >= 0;
    if (length > 0) part.write(chunk.subarray(0, length), wait);
    return length;
  }

  /**
   * How many of the bytes that follow those that were passed the parser reads at once: all, or from
   * a delimiter to the first byte of content if much of it follows.
   */
  lengthToParse(rest: Buffer): number {
    const beginning = this.#delimiter && this.#isAtDelimiter ? beginningOfPart(rest, this.#delimiter) : undefined;
    this.#isBeginning = beginning !== undefined;
    return beginning ?? rest.length;
  }

  /**
   * To be called with the bytes of a part that came out of the parser when it had read all of
   * `parsed`. If as many came out, none of them was a delimiter; if the last ones cannot be the
   * beginning of one, the parser holds nothing back.
   *
   * Of the beginning of a part, only the first byte of content can come out. If it does, the parser
   * holds nothing back either.
   */
  observe(part: FilePart, cameOut: number, parsed: Buffer): void {
    if (!this.#delimiter) return;
    const isContent = this.#isBeginning
      ? cameOut === 1
      : cameOut === parsed.length && this.#beginOfTail(parsed) === parsed.length;
    if (isContent) this.#part = part;
  }

  /** Where the last bytes begin that may be the beginning of a delimiter. */
  #beginOfTail(chunk: Buffer): number {
    const begin = chunk.indexOf('\r', Math.max(0, chunk.length - (this.#delimiter?.length ?? 0) + 1), 'latin1');
    return begin >= 0 ? begin : chunk.length;
  }
}

/**
 * How many bytes a part has, from its delimiter to the first byte of its content. Undefined unless
 * `MIN_CONTENT` is known to follow.
 */
function beginningOfPart(bytes: Buffer, delimiter: Buffer): number | undefined {
  const end = bytes.indexOf(END_OF_HEADERS, delimiter.length, 'latin1');
  const content = bytes.subarray(end + END_OF_HEADERS.length);
  if (end < 0 || content.length < MIN_CONTENT || content.subarray(0, MIN_CONTENT).includes(delimiter)) return;
  return bytes.length - content.length + 1;
}
