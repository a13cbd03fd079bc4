import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type';
import mime from 'mime-types';

const UNKNOWN = 'application/octet-stream';

/** Types that carry a signature. One that is claimed without it is a false claim. */
const signed = new Set<string>(supportedMimeTypes);

/** Signatures that many types share: of these, a claim may say more than the content does. */
const shared = new Set(['application/xml', 'application/x-cfb']);

/**
 * What a file is: by its first bytes; where they carry no signature (text does not), by the client's claim;
 * then by the name's extension. A claim that the content would have proved is not believed without the proof.
 */
export async function contentTypeOf(head: Uint8Array, claimed: string, name: string): Promise<string> {
  const sniffed = await sniff(head);
  if (sniffed && !shared.has(sniffed)) return sniffed;
  for (const claim of [claimed, mime.lookup(name) || '']) {
    const type = wellFormed(claim);
    if (type && type !== UNKNOWN && !signed.has(type)) return type;
  }
  return sniffed ?? UNKNOWN;
}

async function sniff(head: Uint8Array): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(head))?.mime;
  } catch {
    // A container whose table lies beyond the head, or a broken one: the content does not say.
    return undefined;
  }
}

/** `type/subtype` in lower case, without parameters. https://www.rfc-editor.org/rfc/rfc6838#section-4.2 */
function wellFormed(claim: string): string | undefined {
  const type = claim.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/.test(type) ? type : undefined;
}

export function isImage(contentType: string): boolean {
  return contentType.startsWith('image/');
}
