/** The least characters of a chunk that is written at once. */
const CHUNK = 256 * 1024;
/** Shorter texts are counted by their characters: the error is irrelevant to memory. */
const SHORT = 64 * 1024;

/** Characters that JSON escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * Returns the size of a value as JSON, in bytes, without serializing it: one text under a thousand
 * aliases takes no memory until it is serialized a thousand times. Stops counting beyond `limit`.
 * Short texts are counted by their characters.
 */
export function jsonSize(root: unknown, limit: number): number {
  const texts = new Map<string, number>();
  const textSize = (text: string): number => {
    if (text.length < SHORT) return text.length + 2;
    if (text.length > limit) return text.length;
    const known = texts.get(text);
    if (known !== undefined) return known;
    const size = escaped.test(text) ? Buffer.byteLength(JSON.stringify(text)) : Buffer.byteLength(text) + 2;
    texts.set(text, size);
    return size;
  };
  let size = 0;
  const count = (value: unknown): void => {
    if (typeof value === 'string') size += textSize(value);
    else if (typeof value !== 'object' || value === null) size += 5;
    else if (Array.isArray(value)) {
      size += value.length + 1;
      for (let index = 0; index < value.length && size <= limit; index++) count(value[index]);
    } else {
      // Results are objects without a prototype, for which this is twice as fast as `for … in`.
      const keys = Object.keys(value);
      for (let index = 0; index < keys.length && size <= limit; index++) {
        const key = keys[index] as string;
        size += key.length + 4;
        count((value as Record<string, unknown>)[key]);
      }
    }
  };
  count(root);
  return size;
}

/**
 * Serializes a value as JSON in chunks, each when the one before it was consumed: a large response
 * is never in memory twice.
 */
export function* jsonChunks(root: unknown): Generator<Buffer, undefined> {
  let text = '';
  for (const part of serialize(root)) {
    text += part;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function* serialize(value: unknown): Generator<string, undefined> {
  if (typeof value === 'string' && value.length > CHUNK) yield* serializeText(value);
  else if (typeof value !== 'object' || value === null || 'toJSON' in value || jsonSize(value, CHUNK) <= CHUNK)
    yield JSON.stringify(value) ?? 'null';
  else if (Array.isArray(value)) {
    yield '[';
    for (const [index, item] of value.entries()) {
      if (index > 0) yield ',';
      yield* serialize(item);
    }
    yield ']';
  } else {
    let separator = '{';
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* serialize(member);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  }
}

/** Splits between characters: half of a surrogate pair would be escaped. */
function* serializeText(text: string): Generator<string, undefined> {
  yield '"';
  for (let from = 0; from < text.length; ) {
    let to = Math.min(from + CHUNK, text.length);
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to -= 1;
    const part = text.slice(from, to);
    // Searching for characters to escape takes a quarter of the time of escaping.
    yield escaped.test(part) ? JSON.stringify(part).slice(1, -1) : part;
    from = to;
  }
  yield '"';
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff;
