import type { IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import { processRequest } from 'graphql-upload-minimal';

export interface OperationsLimits {
  /** The longest field, in bytes. */
  maxFieldSize: number;
  maxFiles: number;
}

/**
 * Parses the GraphQL request in a multipart form, with an `Upload` in the place of each file.
 * `attach` gets the parser, which the library would pipe the request into. Rejects with errors of the
 * library.
 */
export function parseOperations(
  { headers }: IncomingMessage,
  { maxFieldSize, maxFiles }: OperationsLimits,
  attach: (parser: Writable) => void,
): Promise<unknown> {
  // The parser expects the media type in lower case.
  const contentType = (headers['content-type'] ?? '').replace(/^\s*multipart\/form-data\s*/i, 'multipart/form-data');
  const ignore = () => {};
  // The members of a request that the library uses.
  const source = {
    headers: { ...headers, 'content-type': contentType },
    pipe: attach,
    unpipe: ignore,
    once: ignore,
    resume: ignore,
  };
  // The parser reports a field of exactly its limit as truncated.
  return processRequest(source as never, undefined as never, { maxFieldSize: maxFieldSize + 1, maxFiles });
}
