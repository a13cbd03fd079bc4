import { MIMEType } from 'node:util';
import mime from 'mime-types';

/** The charset is unknown. */
const NONE = '';

/** Characters of a claimed type beyond which it is ignored. */
const MAX_CLAIM_LENGTH = 1024;

/** The facts from which the charset of a file is derived. */
export interface CharsetEvidence {
  /** The content type that the client sent, with its parameters. */
  claimed: string;
  /** The first bytes. */
  head: Uint8Array;
  /** Whether all bytes are UTF-8. */
  isUtf8: boolean;
}

/**
 * Returns the charset of a file in lower case: the declared one, if browsers can decode it; else,
 * for `text/…`, the one that a byte order mark or the validity as UTF-8 proves. Returns an empty
 * string when it is unknown, and for types that are not text.
 */
export function charsetOf(contentType: string, { claimed, head, isUtf8 }: CharsetEvidence): string {
  const isText = contentType.startsWith('text/');
  if (!isText && !mime.charset(contentType) && !/[/+]xml$/.test(contentType)) return NONE;
  const declared = declaredCharset(claimed);
  if (declared || !isText) return declared;
  return charsetOfByteOrderMark(head) ?? (isUtf8 ? 'utf-8' : NONE);
}

/**
 * Returns the declared name unchanged, except for aliases of UTF-8. Browsers decode `iso-8859-1` as
 * Windows-1252, and `utf-16` in the order of its byte order mark: that is their business.
 */
function declaredCharset(claimed: string): string {
  const label = labelIn(claimed);
  try {
    return new TextDecoder(label).encoding === 'utf-8' && label !== NONE ? 'utf-8' : label;
  } catch {
    return NONE; // An unknown name, such as `binary`.
  }
}

function labelIn(claimed: string): string {
  if (claimed.length > MAX_CLAIM_LENGTH) return NONE;
  try {
    return new MIMEType(claimed).params.get('charset')?.trim().toLowerCase() ?? NONE;
  } catch {
    return NONE; // Not a content type.
  }
}

/** https://encoding.spec.whatwg.org/#bom-sniff */
function charsetOfByteOrderMark(head: Uint8Array): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}
