import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { create as contentDisposition } from 'content-disposition';
import { ZipFile } from 'yazl';
import type { RequestContext } from '../../context.ts';
import type { File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { UnauthenticatedError } from '../../errors.ts';
import { openIfPresent } from '../../files/archive.ts';
import { archiveNames } from '../../files/extractable-name.ts';

/** An archive to send. */
interface Archive {
  files: AsyncIterable<Row<File>>;
  /** Its name, without the extension. */
  name: string;
  /** Beside those of every archive. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * Streams files as an uncompressed ZIP. One file is open at a time, and is read as fast as the
 * client reads. Throws only before the first byte; a later error closes the connection.
 */
export async function sendArchive(
  ctx: RequestContext,
  { files, name, headers }: Archive,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (response.destroyed) return; // the client disconnected meanwhile
  response.writeHead(200, {
    'content-type': 'application/zip',
    'content-disposition': contentDisposition(`${name}.zip`),
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {}); // `addFile` awaits it, if there is a file
  zip.on('error', aborted.reject);
  response.once('close', () => aborted.reject(new Error('The reader disconnected.')));
  output.pipe(response);
  try {
    const nameOf = archiveNames();
    for await (const file of files) await addFile(zip, ctx, file, nameOf, aborted.promise);
    zip.end();
  } catch (err) {
    // Without the directory at its end, programs report the archive as incomplete.
    const isRevoked = err instanceof UnauthenticatedError;
    if (!response.destroyed && !isRevoked) ctx.log.error({ err, archive: name }, 'sending an archive failed');
    output.unpipe(response);
    response.destroy();
  }
}

/** Adds a file, unless it was removed meanwhile. Rejects as `aborted` does. */
async function addFile(
  zip: ZipFile,
  ctx: RequestContext,
  file: Row<File>,
  nameOf: (name: string) => string,
  aborted: Promise<never>,
): Promise<void> {
  await using blob = await openIfPresent(ctx, file);
  if (!blob) return;
  const name = nameOf(file.name);
  // A copy, because the storage reuses its buffers while yazl still holds them.
  const bytes = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, Buffer.from(chunk)),
  });
  zip.addReadStream(bytes, name, { size: file.size, mtime: file.createdAt, mode: 0o100644, compress: false });
  const read = new Promise<void>((resolve, reject) => bytes.once('end', resolve).once('error', reject));
  read.catch(() => {}); // `sending` rejects, too
  const sending = blob.send(bytes, { start: 0, end: file.size - 1 });
  try {
    await Promise.race([sending, aborted]);
    bytes.end();
    await Promise.race([read, aborted]);
  } catch (error) {
    bytes.destroy();
    await sending.catch(() => {}); // its last read ends before the file is closed
    throw error;
  }
}
