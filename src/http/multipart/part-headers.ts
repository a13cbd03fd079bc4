import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';

/** The header of a file part. */
export interface PartHeader {
  filename?: string | undefined;
  /** As the client sent it; undefined for a part without a `Content-Type`. */
  contentType?: string | undefined;
}

export interface FilePartOptions {
  /**
   * Whether a part with an empty `filename` is a file, whatever its `Content-Type`. Busboy emits it
   * as a field, unless its type is `application/octet-stream`.
   */
  acceptsNameless?: boolean;
}

/** The part of busboy's internal header parser that is used here. */
interface HeaderParser {
  cb(headers: Record<string, string[] | undefined>): void;
}

const EMPTY_NAME = /;\s*filename\s*=\s*(?:""\s*)?(?:;|$)/i;

/**
 * Calls `listener` for each file part that busboy finds, with the `Content-Type` as it was sent.
 *
 * Busboy's own `file` event drops the parameters of the type, such as the charset, and reports
 * `text/plain` for a part without a type. It has no public access to the headers of a part, so this
 * wraps the callback of its internal header parser, which busboy assigns at the start of each part.
 */
export function onFilePart(
  parser: EventEmitter,
  listener: (field: string, stream: Readable, header: PartHeader) => void,
  { acceptsNameless = false }: FilePartOptions = {},
): void {
  const wrapped = new WeakSet<HeaderParser>();
  let contentType: string | undefined;
  let current: HeaderParser | null = null;
  Object.defineProperty(parser, '_hparser', {
    get: () => current,
    set(headerParser: HeaderParser | null) {
      current = headerParser;
      if (!headerParser || wrapped.has(headerParser)) return;
      wrapped.add(headerParser);
      const { cb } = headerParser;
      headerParser.cb = (headers) => {
        contentType = headers['content-type']?.[0];
        const isNamelessFile = acceptsNameless && EMPTY_NAME.test(headers['content-disposition']?.[0] ?? '');
        cb(isNamelessFile ? { ...headers, 'content-type': ['application/octet-stream'] } : headers);
      };
    },
  });
  parser.on('file', (field: string, stream: Readable, { filename }: PartHeader) => {
    stream.on('error', () => {}); // the parser emits it, too
    listener(field, stream, { filename, contentType });
  });
}
