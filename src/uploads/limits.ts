import type { Context, Limits } from '../context.ts';
import { type AttacheError, PayloadTooLargeError, UnsupportedMediaTypeError } from '../errors.ts';
import { hasExtension } from '../files/file-name.ts';

/**
 * The limits of single files and of one request: size, count and extensions. Every transport, resumed
 * uploads and renames ask here. What a project may hold is in `attachments/quota.ts`, and what a user
 * may store unattached in `temporary-quota.ts`.
 */

/** Why no file of this name is taken; undefined when one is. */
export function extensionFailure(name: string, limits: Limits): UnsupportedMediaTypeError | undefined {
  const { allowedExtensions: allowed, refusedExtensions: refused } = limits;
  if (hasExtension(name, refused))
    return new UnsupportedMediaTypeError(`${name} is not taken here: files of its kind are refused.`);
  if (allowed.length === 0 || hasExtension(name, allowed)) return undefined;
  return new UnsupportedMediaTypeError(
    `${name} is not taken here: only files ending in ${allowed.map((e) => `.${e}`).join(', ')} are.`,
  );
}

/** Throws `UnsupportedMediaTypeError` when no file of this name is taken. */
export function assertExtension(name: string, limits: Limits): void {
  const failure = extensionFailure(name, limits);
  if (failure) throw failure;
}

/** Why a file of which so many bytes have come is not taken; undefined while it may still be. */
export function sizeFailure(name: string, bytes: number, { maxFileSize: limit }: Limits): AttacheError | undefined {
  if (bytes <= limit) return undefined;
  return new PayloadTooLargeError(`${name} is larger than the ${limit} bytes that one file may have.`, limit);
}

/** Throws `PayloadTooLargeError` for an upload that says it will have more bytes than one file may. */
export function assertFileSize(bytes: number, { maxFileSize: limit }: Limits): void {
  if (bytes > limit) throw new PayloadTooLargeError(`A file may have at most ${limit} bytes.`, limit);
}

/** Throws `PayloadTooLargeError` for a file given as base64 that has more bytes than such a file may. */
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

/** Throws `PayloadTooLargeError` when the request may add no more files: asked before bytes are stored. */
export function assertFilesLeft({ budget, limits }: Counting): void {
  if (budget.files >= limits.maxFiles) throw tooManyFiles(limits);
}

/** Counts an upload whose bytes come in later requests. Throws `PayloadTooLargeError` past `maxFiles`. */
export function countUpload({ budget, limits }: Counting): void {
  budget.uploads += 1;
  if (budget.uploads > limits.maxFiles) throw tooManyFiles(limits);
}

/** The error of a request that carries more files than one request may. */
export const tooManyFiles = ({ maxFiles: limit }: Pick<Limits, 'maxFiles'>): PayloadTooLargeError =>
  new PayloadTooLargeError(`A request may have at most ${limit} files. Send the others in another.`, limit);
