/** A piece of an answer that is written at once, in characters. */
const PIECE = 256 * 1024;
/** Below this, escapes are counted as if every sign of a text were one: it makes no difference to memory. */
const SMALL = 64 * 1024;

/** What JSON writes as more than the bytes of the character itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * How many bytes an answer has as JSON, without writing it: the same text under a thousand aliases takes no memory until
 * it is written a thousand times. Stops counting past `limit`. Short texts are counted by their characters.
 */
export function jsonSize(answer: unknown, limit: number): number {
  const texts = new Map<string, number>();
  const ofText = (text: string): number => {
    if (text.length < SMALL) return text.length + 2;
    if (text.length > limit) return text.length;
    const known = texts.get(text);
    if (known !== undefined) return known;
    const size = escaped.test(text) ? Buffer.byteLength(JSON.stringify(text)) : Buffer.byteLength(text) + 2;
    texts.set(text, size);
    return size;
  };
  let size = 0;
  const count = (value: unknown): void => {
    if (typeof value === 'string') size += ofText(value);
    else if (typeof value !== 'object' || value === null) size += 5;
    else if (Array.isArray(value)) {
      size += value.length + 1;
      for (let index = 0; index < value.length && size <= limit; index++) count(value[index]);
    } else {
      // Of objects without a prototype, which answers consist of, this is twice as fast as `for … in`.
      const keys = Object.keys(value);
      for (let index = 0; index < keys.length && size <= limit; index++) {
        const key = keys[index] as string;
        size += key.length + 4;
        count((value as Record<string, unknown>)[key]);
      }
    }
  };
  count(answer);
  return size;
}

/** An answer as JSON, in pieces, each made when the one before it was taken: a large one is never in memory twice. */
export function* jsonChunks(answer: unknown): Generator<Buffer, undefined> {
  let text = '';
  for (const part of partsOf(answer)) {
    text += part;
    if (text.length < PIECE) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function* partsOf(value: unknown): Generator<string, undefined> {
  if (typeof value === 'string' && value.length > PIECE) yield* partsOfText(value);
  else if (typeof value !== 'object' || value === null || 'toJSON' in value || jsonSize(value, PIECE) <= PIECE)
    yield JSON.stringify(value) ?? 'null';
  else if (Array.isArray(value)) {
    yield '[';
    for (const [index, item] of value.entries()) {
      if (index > 0) yield ',';
      yield* partsOf(item);
    }
    yield ']';
  } else {
    let separator = '{';
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* partsOf(member);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  }
}

/** Cut between characters: half of one would be escaped by itself. */
function* partsOfText(text: string): Generator<string, undefined> {
  yield '"';
  for (let from = 0; from < text.length; ) {
    let to = Math.min(from + PIECE, text.length);
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to -= 1;
    const part = text.slice(from, to);
    // To look for signs that are escaped takes a fourth of the time that it takes to escape them.
    yield escaped.test(part) ? JSON.stringify(part).slice(1, -1) : part;
    from = to;
  }
  yield '"';
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff;
