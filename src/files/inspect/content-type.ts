import { supportedMimeTypes } from 'file-type';
import mime from 'mime-types';
import { SignatureParser } from './signature-parser.ts';
import { isUtf8Head, TEXT_HEAD_BYTES } from './utf8.ts';

const UNKNOWN = 'application/octet-stream';

/**
 * Types whose files begin with a signature. A claim of such a type without its signature is false.
 */
const typesWithSignature = new Set<string>(supportedMimeTypes);

/** Formats that are text, at least at their beginning: text content does not disprove them. */
const textFormats = /^(?:text\/.+|application\/(?:pdf|rtf|postscript|xml|json|.+\+xml|.+\+json))$/;

/**
 * Container formats, each with the types that it may contain. The first bytes may not show which
 * one it is: then a claim of such a type is accepted.
 */
const containers: Record<string, RegExp> = {
  'application/zip':
    /^(?:application\/(?:vnd\..+|x-xpinstall|x-cbr|epub\+zip|java-archive|.+\+zip)|model\/.+)(?<!\+(?:xml|json))$/,
  // Office documents of before 2007, messages, installers; and newer documents with a password.
  'application/x-cfb': /^application\/(?:msword|vnd\..+|x-mspublisher|x-msi|x-ole-storage)(?<!\+(?:xml|json|zip))$/,
  'application/ogg': /^(?:audio|video)\/(?:ogg|opus)$/,
};

/**
 * Returns the content type of a file without parameters: the one that its first bytes prove; else
 * the one that the client claims; else the one of the extension of its name; else
 * `application/octet-stream`. A claimed type that has a signature is rejected without it. A
 * signature of ASCII letters (`BM`, `MZ`, `GIF`, `ID3`) proves nothing when the content is text.
 */
export async function detectContentType(head: Uint8Array, claimed: string, name: string): Promise<string> {
  const sniffed = await sniff(head);
  const claims = [claimed, mime.lookup(name) || ''].flatMap((claim) => wellFormed(claim) ?? []);
  return isText(head) ? typeOfText(head, sniffed, claims) : typeOfBinary(sniffed, claims);
}

function typeOfText(head: Uint8Array, sniffed: string | undefined, claims: readonly string[]): string {
  const isTextual = sniffed !== undefined && textFormats.test(sniffed);
  // For example a PDF, whose binary parts are not UTF-8.
  if (isTextual && !isUtf8Head(head)) return sniffed;
  const acceptedClaim = claims.find(
    (type) =>
      !isAudioOrVideo(type) && (type === sniffed || !typesWithSignature.has(type) || type === 'application/xml'),
  );
  if (acceptedClaim) return acceptedClaim;
  if (isTextual) return sniffed;
  // Text that begins like a signature, or has an extension of a video format, as TypeScript has
  // (`.ts`), is plain text. Other text whose claims are rejected is of unknown type.
  return sniffed || claims.some(isAudioOrVideo) ? 'text/plain' : UNKNOWN;
}

/** Audio and video types, which are not text, except playlists. */
const isAudioOrVideo = (type: string): boolean => /^(?:audio|video)\/(?!.*(?:mpegurl|scpls))/.test(type);

function typeOfBinary(sniffed: string | undefined, claims: readonly string[]): string {
  if (!sniffed) return claims.find((type) => !typesWithSignature.has(type)) ?? UNKNOWN;
  const refines = containers[sniffed];
  if (refines) return claims.find((type) => refines.test(type)) ?? sniffed;
  return claims.find((type) => isAudioTypeOf(type, sniffed)) ?? sniffed;
}

/**
 * Whether a type is the audio type of a video container, such as that of a recording by a browser.
 */
function isAudioTypeOf(type: string, container: string): boolean {
  if (!type.startsWith('audio/') || !container.startsWith('video/')) return false;
  const format = (of: string) => of.slice(6).replace(/^x-/, '').replace(/^m4a$/, 'mp4');
  return format(type) === format(container);
}

async function sniff(head: Uint8Array): Promise<string | undefined> {
  try {
    return (await new SignatureParser().fromBuffer(head))?.mime;
  } catch {
    // A container whose table lies beyond the head, or that is broken: the type stays unknown.
    return undefined;
  }
}

/**
 * Control characters that occur only in binary formats. Tab, line breaks and escape occur in text.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern searches for them
const binary = /[\0-\x07\x0e-\x1a\x1c-\x1f]/;

function isText(head: Uint8Array): boolean {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, TEXT_HEAD_BYTES));
  return start.length > 0 && !binary.test(start.toString('latin1'));
}

/**
 * Returns `type/subtype` in lower case without parameters, or undefined.
 * https://www.rfc-editor.org/rfc/rfc6838#section-4.2
 */
function wellFormed(claim: string): string | undefined {
  const type = claim.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isType = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/.test(type);
  return isType && type !== UNKNOWN ? type : undefined;
}

export function isImage(contentType: string): boolean {
  return contentType.startsWith('image/');
}
