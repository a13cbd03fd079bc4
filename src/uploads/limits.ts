import type { Context, Limits } from '../context.ts';
import { type AttacheError, PayloadTooLargeError, UnsupportedMediaTypeError } from '../errors.ts';
import { hasExtension } from '../files/file-name.ts';

/**
 * The limits of single files and of one request: size, count and extensions. Every transport,
 * resumed uploads and renames check them here. The quotas of projects are in
 * `attachments/quota.ts`, those of users' unattached files in `temporary-quota.ts`.
 */

/**
 * The error for a name whose extension is refused or not allowed; undefined for an accepted one.
 */
export function extensionFailure(name: string, limits: Limits): UnsupportedMediaTypeError | undefined {
  const { allowedExtensions: allowed, refusedExtensions: refused } = limits;
  if (hasExtension(name, refused))
    return new UnsupportedMediaTypeError(`${name} is not accepted: this server refuses files of its type.`);
  if (allowed.length === 0 || hasExtension(name, allowed)) return undefined;
  return new UnsupportedMediaTypeError(
    `${name} is not accepted: only files ending in ${allowed.map((e) => `.${e}`).join(', ')} are.`,
  );
}

/** Throws `UnsupportedMediaTypeError` for a name whose extension is refused or not allowed. */
export function assertExtension(name: string, limits: Limits): void {
  const failure = extensionFailure(name, limits);
  if (failure) throw failure;
}

/**
 * The error for a file of which more bytes were received than one file may have; undefined below
 * that.
 */
export function sizeFailure(name: string, bytes: number, { maxFileSize: limit }: Limits): AttacheError | undefined {
  if (bytes <= limit) return undefined;
  return new PayloadTooLargeError(`${name} is larger than the ${limit} bytes that one file may have.`, limit);
}

/** Throws `PayloadTooLargeError` for a declared length that exceeds what one file may have. */
export function assertFileSize(bytes: number, { maxFileSize: limit }: Limits): void {
  if (bytes > limit) throw new PayloadTooLargeError(`A file may have at most ${limit} bytes.`, limit);
}

/**
 * Throws `PayloadTooLargeError` for a base64 file whose decoded bytes exceed what such a file may
 * have.
 */
export function assertInlineSize(bytes: number, { maxInlineSize: limit }: Limits): void {
  if (bytes <= limit) return;
  throw new PayloadTooLargeError(
    `A file given inline may have at most ${limit} bytes. Send it as a part of a multipart request.`,
    limit,
  );
}

type Counting = Pick<Context, 'budget' | 'limits'>;

/** Counts files that a request is about to add. Throws `PayloadTooLargeError` past `maxFiles`. */
export function countAddedFiles({ budget, limits }: Counting, count: number): void {
  budget.files += count;
  if (budget.files > limits.maxFiles) throw tooManyFiles(limits);
}

/**
 * Throws `PayloadTooLargeError` when the request may add no more files. Checked before bytes are
 * stored.
 */
export function assertFilesLeft({ budget, limits }: Counting): void {
  if (budget.files >= limits.maxFiles) throw tooManyFiles(limits);
}

/**
 * Counts an upload whose bytes are sent in later requests. Throws `PayloadTooLargeError` past
 * `maxFiles`.
 */
export function countUpload({ budget, limits }: Counting): void {
  budget.uploads += 1;
  if (budget.uploads > limits.maxFiles) throw tooManyFiles(limits);
}

/** The error of a request that carries more files than one request may. */
export const tooManyFiles = ({ maxFiles: limit }: Pick<Limits, 'maxFiles'>): PayloadTooLargeError =>
  new PayloadTooLargeError(`A request may have at most ${limit} files. Send the others in another.`, limit);
