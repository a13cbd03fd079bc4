/** What is reached of busboy's parser of multipart forms. */
interface HeaderParser {
  cb(headers: Record<string, string[] | undefined>): void;
}

/**
 * Answers how to read the `Content-Type` of the part that the parser has begun: as it was sent, with its charset, or
 * undefined where there was none. Busboy gives neither: it drops the parameters, and says `text/plain` of a part
 * without a type. It has no public point for the headers of a part, so its own parser of headers is asked, where it
 * is set at the beginning of each part.
 */
export function partContentTypes(parser: object): () => string | undefined {
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
        cb(found);
      };
    },
  });
  return () => latest;
}
