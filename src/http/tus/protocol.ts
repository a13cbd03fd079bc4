import type { IncomingHttpHeaders } from 'node:http';
import type { AddOptions } from '../../attachments/add-files.ts';
import { fileOrigins, fileStatuses } from '../../attachments/update-file.ts';
import type { AttachableRef } from '../../database/entities/index.ts';
import { BadUserInputError, ConflictError, excerpt } from '../../errors.ts';
import type { Claim } from '../../uploads/receive.ts';
import type { Checksum } from '../../uploads/resumable/append.ts';
import { attachableTypes } from '../../workspace/attachable.ts';
import { parseRef } from '../parse-id.ts';

/** The headers of https://tus.io/protocols/resumable-upload. Parsers throw `BadUserInputError`. */

export const VERSION = '1.0.0';
export const EXTENSIONS =
  'creation,creation-with-upload,creation-defer-length,termination,expiration,checksum,concatenation';
export const ALGORITHMS = ['sha256', 'sha1', 'md5'] as const;
/** "All PATCH requests MUST use Content-Type: application/offset+octet-stream" */
export const CONTENT_TYPE = 'application/offset+octet-stream';

/** Parses a header that "MUST be a non-negative integer". Undefined when it is missing. */
export function integerHeader(headers: IncomingHttpHeaders, name: string): number | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  throw new BadUserInputError(`The header ${name} has to be a whole number of bytes.`);
}

/**
 * "The Upload-Metadata request and response header MUST consist of one or more comma-separated
 * key-value pairs. The key and value MUST be separated by a space. The key MUST NOT contain spaces
 * and commas and MUST NOT be empty. The value MUST be Base64 encoded. All keys MUST be unique. The
 * value MAY be empty."
 */
export function parseMetadata(header: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of header.split(',').map((text) => text.trim())) {
    if (pair === '') continue;
    const [, key, value = ''] = /^(\S+)(?: +([A-Za-z0-9+/_-]*={0,2}))?$/.exec(pair) ?? [];
    if (!key || pairs.has(key))
      throw new BadUserInputError('Upload-Metadata cannot be read: write "key base64, key base64".');
    pairs.set(key, Buffer.from(value, 'base64').toString());
  }
  return pairs;
}

/**
 * Throws `ConflictError` when a request repeats `Upload-Metadata` with other values than the upload
 * was created with. Clients remember uploads by their file, and may resume one for another
 * attachable.
 */
export function assertSameMetadata(created: string, headers: IncomingHttpHeaders): void {
  const header = headers['upload-metadata'];
  if (header === undefined) return;
  const [before, now] = [parseMetadata(created), parseMetadata(String(header))];
  const changed = [...before.keys(), ...now.keys()].find((key) => before.get(key) !== now.get(key));
  if (changed === undefined) return;
  throw new ConflictError(
    `This upload began with another "${excerpt(changed)}" in Upload-Metadata. Begin a new upload.`,
  );
}

/** The name and the type of the file, under the keys that the common clients use. */
export const toClaim = (metadata: ReadonlyMap<string, string>): Claim => ({
  name: metadata.get('filename') ?? metadata.get('name') ?? '',
  contentType: metadata.get('filetype') ?? metadata.get('type') ?? metadata.get('contentType') ?? '',
});

/**
 * How the file is added: what it is attached to, its parent, session, status and origin. Without
 * `on`, it is attached to the place of the guest's token, if there is one.
 */
export function toAddOptions(metadata: ReadonlyMap<string, string>, grantedPlace?: AttachableRef): AddOptions {
  const text = (key: string) => metadata.get(key) || undefined;
  const [on, parentId] = [text('on'), text('parentId')];
  return {
    on: on === undefined ? grantedPlace : parseRef(on, 'on', attachableTypes),
    parentId: parentId === undefined ? undefined : parseRef(parentId, 'parentId', ['File']).id,
    sessionToken: text('sessionToken'),
    available: parseBoolean('available', text('available')) ?? true,
    status: oneOf('status', text('status'), fileStatuses) ?? null,
    createdFrom: oneOf('createdFrom', text('createdFrom'), fileOrigins),
  };
}

/** In any case, as Python and forms write it. */
function parseBoolean(key: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (/^(?:true|1)$/i.test(text)) return true;
  if (/^(?:false|0)$/i.test(text)) return false;
  throw new BadUserInputError(`In Upload-Metadata, ${key} has to be true or false.`);
}

function oneOf<Value extends string>(key: string, text: string | undefined, values: readonly Value[]) {
  if (text === undefined) return undefined;
  const value = values.find((one) => one === text.toUpperCase());
  if (!value) throw new BadUserInputError(`In Upload-Metadata, ${key} has to be one of ${values.join(', ')}.`);
  return value;
}

/** `Upload-Concat`: a partial upload, or a final one with the ids of its parts. */
export type Concat = 'partial' | { partIds: string[]; header: string };

/**
 * "If the upload is a partial one, the header value MUST be partial. In the case of a final upload,
 * its value MUST be final followed by a semicolon and a space-separated list of partial upload
 * URLs". They "MAY be absolute or relative".
 */
export function parseConcat(headers: IncomingHttpHeaders): Concat | undefined {
  const value = headers['upload-concat'];
  if (value === undefined) return undefined;
  const header = String(value).trim();
  if (header === 'partial') return 'partial';
  const [, list] = /^final;(.*)$/.exec(header) ?? [];
  if (list === undefined)
    throw new BadUserInputError('Upload-Concat is "partial", or "final;" and addresses of uploads.');
  return { partIds: list.split(/ +/).filter(Boolean).map(parseUploadId), header };
}

/**
 * The id at the end of an upload's URL; proxies may change what precedes it. Lists of URLs and
 * escapes are refused.
 */
function parseUploadId(url: string): string {
  const found = /uploads\/([\da-f-]{36})\/?$/.exec(url);
  const [before, id] = [url.slice(0, found?.index), found?.[1]];
  if (id && /(?:^|\/)$/.test(before) && !/[\s,;%]|uploads\/[\da-f-]{36}/.test(before)) return id;
  throw new BadUserInputError(`In Upload-Concat, ${excerpt(url)} is no address of an upload of this server.`);
}

/**
 * "The Upload-Checksum request header … MUST consist of the name of the used checksum algorithm and
 * the Base64 encoded checksum separated by a space."
 */
export function parseChecksum(headers: IncomingHttpHeaders): Checksum | undefined {
  const header = headers['upload-checksum'];
  if (header === undefined) return undefined;
  const [, name, value] = /^(\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(String(header)) ?? [];
  const algorithm = ALGORITHMS.find((one) => one === name);
  // "The Server MAY respond with … 400 Bad Request if the checksum algorithm is not supported"
  if (!algorithm || !value)
    throw new BadUserInputError(`Upload-Checksum is an algorithm of ${ALGORITHMS.join(', ')} and base64.`);
  return { algorithm, value };
}
