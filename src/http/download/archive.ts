import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { create as contentDisposition } from 'content-disposition';
import { ZipFile } from 'yazl';
import type { Context } from '../../context.ts';
import type { AttachableRef, File } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { archiveNames, filesToArchive, openIfPresent } from '../../files/archive.ts';

/**
 * Sends all files of an attachable as one ZIP, uncompressed, as it is written: one file is open at a time, and read at the pace
 * of the client. Throws before the first byte, or not at all.
 */
export async function sendArchive(
  ctx: Context,
  on: AttachableRef,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const files = await filesToArchive(ctx, on);
  if (response.destroyed) return; // it was left while that was looked up
  response.writeHead(200, {
    'content-type': 'application/zip',
    'content-disposition': contentDisposition(`${on.type}-${on.id}.zip`),
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => {}); // told where it is waited for
  zip.on('error', gone.reject);
  response.once('close', () => gone.reject(new Error('The reader went away.')));
  output.pipe(response);
  try {
    const nameOf = archiveNames();
    for await (const file of files) await addFile(zip, ctx, file, nameOf, gone.promise);
    zip.end();
  } catch (err) {
    // Without its end no program takes it for whole.
    if (!response.destroyed) ctx.log.error({ err, on: `${on.type}:${on.id}` }, 'an archive broke off');
    output.unpipe(response);
    response.destroy();
  }
}

async function addFile(
  zip: ZipFile,
  ctx: Context,
  file: Row<File>,
  nameOf: (name: string) => string,
  gone: Promise<never>,
): Promise<void> {
  await using blob = await openIfPresent(ctx, file);
  if (!blob) return;
  const name = nameOf(file.name);
  // The storage uses its buffers again as soon as they are taken, while the archive still holds them: it gets copies.
  const bytes = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, Buffer.from(chunk)),
  });
  zip.addReadStream(bytes, name, { size: file.size, mtime: file.createdAt, mode: 0o100644, compress: false });
  const read = new Promise<void>((resolve, reject) => bytes.once('end', resolve).once('error', reject));
  read.catch(() => {}); // told by the sending
  const sending = blob.send(bytes, { start: 0, end: file.size - 1 });
  try {
    await Promise.race([sending, gone]);
    bytes.end();
    await Promise.race([read, gone]);
  } catch (error) {
    bytes.destroy();
    await sending.catch(() => {}); // a read under way ends before its file is closed
    throw error;
  }
}
