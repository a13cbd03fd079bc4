/** What is reached of busboy's parser of multipart forms. */
interface HeaderParser {
  cb(headers: Record<string, string[] | undefined>): void;
}

/** A file without a name. Busboy takes it for a field, unless its type is that of bytes. */
const EMPTY_NAME = /;\s*filename\s*=\s*(?:""\s*)?(?:;|$)/i;

/**
 * Answers how to read the `Content-Type` of the part that the parser has begun: as it was sent, with its charset, or
 * undefined where there was none. Busboy gives neither: it drops the parameters, and says `text/plain` of a part
 * without a type. It has no public point for the headers of a part, so its own parser of headers is asked, where it
 * is set at the beginning of each part. With `takesNameless`, a file without a name is one, whatever its type.
 */
export function partContentTypes(parser: object, { takesNameless = false } = {}): () => string | undefined {
  const heard = new WeakSet<HeaderParser>();
  let latest: string | undefined;
  let current: HeaderParser | null = null;
  Object.defineProperty(parser, '_hparser', {
    get: () => current,
    set(headers: HeaderParser | null) {
      current = headers;
      if (!headers || heard.has(headers)) return;
      heard.add(headers);
      const { cb } = headers;
      headers.cb = (found) => {
        latest = found['content-type']?.[0];
        const isNameless = takesNameless && EMPTY_NAME.test(found['content-disposition']?.[0] ?? '');
        cb(isNameless ? { ...found, 'content-type': ['application/octet-stream'] } : found);
      };
    },
  });
  return () => latest;
}
