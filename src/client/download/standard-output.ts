import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { withRetry } from 'attache-client/retry';
import type { Connection } from '../connection.ts';
import { ClientError } from '../errors.ts';
import type { RemoteFile } from '../remote-files.ts';
import { readContent } from './content.ts';

/**
 * Writes the content of a file to standard output. The hash can only be compared at the end: a
 * program that reads it has to look at the exit code.
 */
export async function writeToStandardOutput(
  connection: Connection,
  file: RemoteFile,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  let written = 0;
  await withRetry(
    async (onAdvance) => {
      if (written >= file.size) return;
      const pieces = async function* () {
        for await (const { at, bytes } of readContent(connection, file, written, signal)) {
          if (at !== written) throw new ClientError('The server cannot continue a download: repeat the command.');
          written += bytes.length;
          hash.update(bytes);
          onAdvance();
          yield bytes;
        }
      };
      await pipeline(pieces, process.stdout, { signal, end: false });
    },
    { signal },
  );
  if (hash.digest('hex') !== file.sha256)
    throw new ClientError(`${file.id} arrived with another SHA-256 than the one that the server has stored.`);
}
