import type { IncomingMessage } from 'node:http';
import { parse } from 'content-disposition';
import type { Viewer } from '../../auth/permissions.ts';
import { BadUserInputError } from '../../errors.ts';
import { authorizeUpload } from '../../uploads/authorize-upload.ts';
import type { ReceiveOutcome } from '../../uploads/receive.ts';
import type { LegacyForm, LegacyOptions } from '../api.ts';
import { contentTypeOf, isMultipart } from '../request.ts';
import { attachWithHistory } from './attach-files.ts';
import type { Call } from './call.ts';
import { encodeFiles } from './file.ts';

/**
 * Uploads and attaches the files of a form, or the body itself. Returns one file alone, several as
 * a list.
 */
export async function handleUpload({ options, ctx, request, route: { on } }: Call): Promise<unknown> {
  await authorizeUpload(ctx, { on });
  await using sent = await receive(options, request, ctx.viewer);
  const incoming = sent.files.map((file) => file.outcome);
  if (incoming.length === 0) throw new BadUserInputError('No input files.');
  const { files } = await attachWithHistory(ctx, on, [], incoming);
  const encoded = await encodeFiles(ctx, options, files, on);
  return encoded.length === 1 ? encoded[0] : encoded;
}

async function receive(options: LegacyOptions, request: IncomingMessage, viewer: Viewer): Promise<LegacyForm> {
  if (isMultipart(request)) return options.readForm(request, viewer);
  const contentType = contentTypeOf(request);
  const incoming = await options.receiveBody(request, { name: parseFilename(request), contentType });
  return { fields: [], files: [{ name: 'file', outcome: incoming }], [Symbol.asyncDispose]: () => dispose(incoming) };
}

async function dispose(incoming: ReceiveOutcome): Promise<void> {
  if ('file' in incoming) await incoming.file[Symbol.asyncDispose]();
}

/**
 * The name in `Content-Disposition`; "file" if it has none. The upload removes a path before the
 * name.
 */
function parseFilename({ headers }: IncomingMessage): string {
  const header = headers['content-disposition'];
  if (!header) throw new BadUserInputError('Name the file in a header Content-Disposition, or send it as a form.');
  // Some clients omit the disposition type.
  const typed = /^\s*[^;"=]*=/.test(header) ? `attachment; ${header}` : header;
  // Windows clients do not escape backslashes:
  // https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4-5
  const { filename } = parse(decodeUtf8(typed).replace(/\\(?!["\\])/g, '\\\\')).parameters;
  return filename || 'file';
}

/** Decodes a header as UTF-8, which most clients write. Node decodes headers as Latin-1. */
function decodeUtf8(header: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'));
  } catch {
    return header; // it is Latin-1
  }
}
