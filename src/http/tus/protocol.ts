import type { IncomingHttpHeaders } from 'node:http';
import type { AddOptions } from '../../attachments/add-files.ts';
import { BadUserInputError, ConflictError, excerpt } from '../../errors.ts';
import type { Claim } from '../../uploads/receive.ts';
import type { Checksum } from '../../uploads/resumable/append.ts';
import { attachableTypes } from '../../workspace/attachable.ts';
import { parseRef } from '../parse-id.ts';

/** The parts of https://tus.io/protocols/resumable-upload that are text. */

export const VERSION = '1.0.0';
export const EXTENSIONS =
  'creation,creation-with-upload,creation-defer-length,termination,expiration,checksum,concatenation';
export const ALGORITHMS = ['sha256', 'sha1', 'md5'] as const;
/** "All PATCH requests MUST use Content-Type: application/offset+octet-stream" */
export const CONTENT_TYPE = 'application/offset+octet-stream';

/** A header that "MUST be a non-negative integer". */
export function integerHeader(headers: IncomingHttpHeaders, name: string): number | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  throw new BadUserInputError(`The header ${name} has to be a whole number of bytes.`);
}

/**
 * "The Upload-Metadata request and response header MUST consist of one or more comma-separated key-value pairs. The key
 * and value MUST be separated by a space. The key MUST NOT contain spaces and commas and MUST NOT be empty. The value
 * MUST be Base64 encoded. All keys MUST be unique. The value MAY be empty."
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
 * A client that remembers uploads by their file finds the one that began for another place. Where it
 * names the metadata again, it is told. Throws `ConflictError`.
 */
export function assertSameMetadata(begun: string, headers: IncomingHttpHeaders): void {
  const header = headers['upload-metadata'];
  if (header === undefined) return;
  const [before, now] = [parseMetadata(begun), parseMetadata(String(header))];
  const other = [...before.keys(), ...now.keys()].find((key) => before.get(key) !== now.get(key));
  if (other === undefined) return;
  throw new ConflictError(`This upload began with another "${excerpt(other)}" in Upload-Metadata. Begin a new upload.`);
}

/** What the metadata claims of the file. Both of the names that clients use for each are understood. */
export const toClaim = (metadata: ReadonlyMap<string, string>): Claim => ({
  name: metadata.get('filename') ?? metadata.get('name') ?? '',
  contentType: metadata.get('filetype') ?? metadata.get('type') ?? metadata.get('contentType') ?? '',
});

const statuses = ['APPROVED', 'PENDING', 'REQUIRED'] as const;
const origins = ['TASK_PANEL', 'REWORK', 'FEEDBACK'] as const;

/** What the metadata says of how the file is to be added. Throws `BadUserInputError`. */
export function toAddOptions(metadata: ReadonlyMap<string, string>): AddOptions {
  const given = (key: string) => metadata.get(key) || undefined;
  const [on, parentId] = [given('on'), given('parentId')];
  return {
    on: on === undefined ? undefined : parseRef(on, 'on', attachableTypes),
    parentId: parentId === undefined ? undefined : parseRef(parentId, 'parentId', ['File']).id,
    sessionToken: given('sessionToken'),
    available: (given('available') ?? 'true') !== 'false',
    status: oneOf('status', given('status'), statuses) ?? null,
    createdFrom: oneOf('createdFrom', given('createdFrom'), origins),
  };
}

function oneOf<Value extends string>(key: string, given: string | undefined, values: readonly Value[]) {
  if (given === undefined) return undefined;
  const value = values.find((one) => one === given.toUpperCase());
  if (!value) throw new BadUserInputError(`In Upload-Metadata, ${key} has to be one of ${values.join(', ')}.`);
  return value;
}

/** What `Upload-Concat` says: a part of another upload, or the ids of the parts of this one. */
export type Concat = 'partial' | { partIds: string[]; asWritten: string };

/**
 * "If the upload is a partial one, the header value MUST be partial. In the case of a final upload, its value MUST be
 * final followed by a semicolon and a space-separated list of partial upload URLs". They "MAY be absolute or relative".
 */
export function parseConcat(headers: IncomingHttpHeaders): Concat | undefined {
  const header = headers['upload-concat'];
  if (header === undefined) return undefined;
  const asWritten = String(header).trim();
  if (asWritten === 'partial') return 'partial';
  const [, list] = /^final;(.*)$/.exec(asWritten) ?? [];
  if (list === undefined)
    throw new BadUserInputError('Upload-Concat is "partial", or "final;" and addresses of uploads.');
  return { partIds: list.split(/ +/).filter(Boolean).map(parseUploadId), asWritten };
}

/** Proxies change what stands before the last part of an address. It is one address: no list, and nothing is escaped. */
function parseUploadId(address: string): string {
  const found = /uploads\/([\da-f-]{36})\/?$/.exec(address);
  const [before, id] = [address.slice(0, found?.index), found?.[1]];
  if (id && /(?:^|\/)$/.test(before) && !/[\s,;%]|uploads\/[\da-f-]{36}/.test(before)) return id;
  throw new BadUserInputError(`In Upload-Concat, ${excerpt(address)} is no address of an upload of this server.`);
}

/** "The Upload-Checksum request header … MUST consist of the name of the used checksum algorithm and the Base64 encoded checksum separated by a space." */
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
