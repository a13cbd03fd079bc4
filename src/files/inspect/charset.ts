import { MIMEType } from 'node:util';
import mime from 'mime-types';

/** No charset is known. */
const NONE = '';

/** A longer claim is not looked at. */
const MAX_CLAIM = 1024;

/** What a charset is told from. */
export interface CharsetEvidence {
  /** What the client claims of the type, with its parameters. */
  claimed: string;
  /** The first bytes. */
  head: Uint8Array;
  /** Whether all bytes are UTF-8. */
  isUtf8: boolean;
}

/**
 * The charset of a file, in lower case: the one that the client declared, if it is one that browsers decode; else, of
 * `text/…`, what a byte order mark or all bytes prove. Empty where nothing is known, and of what is no text.
 */
export function charsetOf(contentType: string, { claimed, head, isUtf8 }: CharsetEvidence): string {
  const isText = contentType.startsWith('text/');
  if (!isText && !mime.charset(contentType) && !/[/+]xml$/.test(contentType)) return NONE;
  const declared = declaredCharset(claimed);
  if (declared || !isText) return declared;
  return charsetOfMark(head) ?? (isUtf8 ? 'utf-8' : NONE);
}

/**
 * The name that was declared, as it was declared: `iso-8859-1` is decoded as Windows-1252 by browsers, and `utf-16` in the
 * order of its mark, which only they need to know.
 */
function declaredCharset(claimed: string): string {
  const label = labelIn(claimed);
  try {
    return new TextDecoder(label).encoding === 'utf-8' && label !== NONE ? 'utf-8' : label;
  } catch {
    return NONE; // a name that nobody knows, as `binary`
  }
}

function labelIn(claimed: string): string {
  if (claimed.length > MAX_CLAIM) return NONE;
  try {
    return new MIMEType(claimed).params.get('charset')?.trim().toLowerCase() ?? NONE;
  } catch {
    return NONE; // no type
  }
}

/** https://encoding.spec.whatwg.org/#bom-sniff */
function charsetOfMark(head: Uint8Array): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}
