import { openAsBlob } from 'node:fs';
import { OperationError } from 'attache-client/errors';
import { type TusOptions, uploadByTus } from 'attache-client/tus';
import type { UploadServer } from 'attache-client/uploads';
import type { Connection } from '../connection.ts';
import { ClientError } from '../errors.ts';
import { toClientError } from '../http.ts';
import { isUnchanged, type LocalFile } from '../local-files.ts';
import { sendUpload } from './send-upload.ts';

/** A file of at most this many bytes is sent with the request that creates its upload. */
const ONE_REQUEST = 2 ** 20;

/**
 * Uploads a file by tus, and returns the id of the new file, as in `File:42`. An earlier upload of
 * the same location continues at the offset of the server.
 */
export async function uploadLocalFile(
  connection: Connection,
  file: LocalFile,
  metadata: Record<string, string>,
  options: TusOptions,
): Promise<string> {
  const server: UploadServer = {
    url: `${connection.url}/graphql`,
    token: connection.key,
    // The rest of the file in one request: there is no memory to save, unlike in a browser.
    chunkSize: Number.POSITIVE_INFINITY,
    maxCreationSize: ONE_REQUEST,
    send: (request) => sendUpload(connection, request),
  };
  const content = await openAsBlob(file.path);
  if (!(await isUnchanged(file))) throw new ClientError('it changed while it was uploaded; upload it again');
  try {
    return await uploadByTus(server, content, metadata, options);
  } catch (error) {
    throw error instanceof OperationError ? toClientError(connection.url, error) : error;
  }
}
