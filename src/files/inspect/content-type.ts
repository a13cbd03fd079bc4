import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type';
import mime from 'mime-types';
import { isUtf8Head, TEXT_HEAD_BYTES } from './utf8.ts';

const UNKNOWN = 'application/octet-stream';

/** Types that carry a signature. One that is claimed without it is a false claim. */
const signed = new Set<string>(supportedMimeTypes);

/** Formats that are written as text, at least at their beginning: for them, text is no disproof. */
const textual = /^(?:text\/.+|application\/(?:pdf|rtf|postscript|xml|json|.+\+xml|.+\+json))$/;

/** Containers of many types: what is inside may stand beyond the first bytes. */
const containers: Record<string, RegExp> = {
  'application/zip':
    /^(?:application\/(?:vnd\..+|x-xpinstall|x-cbr|epub\+zip|java-archive|.+\+zip)|model\/.+)(?<!\+(?:xml|json))$/,
  // Office documents of before 2007, messages, installers; and newer documents behind a password.
  'application/x-cfb': /^application\/(?:msword|vnd\..+|x-mspublisher|x-msi|x-ole-storage)(?<!\+(?:xml|json|zip))$/,
  'application/ogg': /^(?:audio|video)\/(?:ogg|opus)$/,
};

/**
 * What a file is: what its first bytes prove; else what the client claims, if that says something; else what the
 * extension of its name says. A claim that the content would have proved is not believed without the proof, and a
 * signature that plain text can spell (`BM`, `MZ`, `GIF`, `ID3`) proves nothing of a text.
 */
export async function contentTypeOf(head: Uint8Array, claimed: string, name: string): Promise<string> {
  const sniffed = await sniff(head);
  const said = [claimed, mime.lookup(name) || ''].flatMap((claim) => wellFormed(claim) ?? []);
  return isText(head) ? typeOfText(head, sniffed, said) : typeOfBinary(sniffed, said);
}

function typeOfText(head: Uint8Array, sniffed: string | undefined, said: readonly string[]): string {
  const isTextual = sniffed !== undefined && textual.test(sniffed);
  // A PDF with bytes that no text has.
  if (isTextual && !isUtf8Head(head)) return sniffed;
  const believed = said.find(
    (type) => !isRecording(type) && (type === sniffed || !signed.has(type) || type === 'application/xml'),
  );
  if (believed) return believed;
  if (isTextual) return sniffed;
  // Text that spells a signature, or goes by the extension of a film, as TypeScript does. One that claims to be a
  // picture is not believed.
  return sniffed || said.some(isRecording) ? 'text/plain' : UNKNOWN;
}

/** Sounds and films, none of which is text; lists of them are. */
const isRecording = (type: string): boolean => /^(?:audio|video)\/(?!.*(?:mpegurl|scpls))/.test(type);

function typeOfBinary(sniffed: string | undefined, said: readonly string[]): string {
  if (!sniffed) return said.find((type) => !signed.has(type)) ?? UNKNOWN;
  const refines = containers[sniffed];
  if (refines) return said.find((type) => refines.test(type)) ?? sniffed;
  return said.find((type) => isSoundOf(type, sniffed)) ?? sniffed;
}

/** Whether a type is that of a sound in a container that films have as well, as what a browser records. */
function isSoundOf(type: string, container: string): boolean {
  if (!type.startsWith('audio/') || !container.startsWith('video/')) return false;
  const format = (of: string) => of.slice(6).replace(/^x-/, '').replace(/^m4a$/, 'mp4');
  return format(type) === format(container);
}

async function sniff(head: Uint8Array): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(head))?.mime;
  } catch {
    // A container whose table lies beyond the head, or a broken one: the content does not say.
    return undefined;
  }
}

/** The control characters of binary formats. Tab, line breaks and escape are of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const binary = /[\0-\x07\x0e-\x1a\x1c-\x1f]/;

function isText(head: Uint8Array): boolean {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, TEXT_HEAD_BYTES));
  return start.length > 0 && !binary.test(start.toString('latin1'));
}

/** `type/subtype` in lower case, without parameters. https://www.rfc-editor.org/rfc/rfc6838#section-4.2 */
function wellFormed(claim: string): string | undefined {
  const type = claim.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isType = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/.test(type);
  return isType && type !== UNKNOWN ? type : undefined;
}

export function isImage(contentType: string): boolean {
  return contentType.startsWith('image/');
}
