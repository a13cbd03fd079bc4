import type { IncomingMessage } from 'node:http';
import { parse } from 'content-disposition';
import type { Viewer } from '../../auth/permissions.ts';
import { BadUserInputError } from '../../errors.ts';
import { authorizeUpload } from '../../uploads/authorize-upload.ts';
import type { ReceiveOutcome } from '../../uploads/receive.ts';
import type { LegacyForm, LegacyOptions } from '../api.ts';
import { attachAll } from './attach.ts';
import type { Call } from './call.ts';
import { encodeFiles } from './file.ts';

/** Takes files in, from a form or as the body itself, and hangs them: one is answered alone, several as a list. */
export async function uploadFiles({ options, ctx, request, route: { on } }: Call): Promise<unknown> {
  await authorizeUpload(ctx, { on });
  await using sent = await receive(options, request, ctx.viewer);
  const incoming = sent.files.map((file) => file.incoming);
  if (incoming.length === 0) throw new BadUserInputError('No input files.');
  const { files } = await attachAll(ctx, on, [], incoming);
  const encoded = await encodeFiles(ctx, options, files, on);
  return encoded.length === 1 ? encoded[0] : encoded;
}

async function receive(options: LegacyOptions, request: IncomingMessage, viewer: Viewer): Promise<LegacyForm> {
  const contentType = request.headers['content-type'] ?? '';
  if (/^\s*multipart\/form-data/i.test(contentType)) return options.readForm(request, viewer);
  const incoming = await options.receiveBody(request, { name: nameIn(request), contentType });
  return { fields: [], files: [{ name: 'file', incoming }], [Symbol.asyncDispose]: () => dispose(incoming) };
}

async function dispose(incoming: ReceiveOutcome): Promise<void> {
  if ('file' in incoming) await incoming.file[Symbol.asyncDispose]();
}

/** The name in the header of a raw body; "file" where there is none. Whoever stores it takes the path off. */
function nameIn({ headers }: IncomingMessage): string {
  const header = headers['content-disposition'];
  if (!header) throw new BadUserInputError('Name the file in a header Content-Disposition, or send it as a form.');
  // Some clients leave the type out.
  const typed = /^\s*[^;"=]*=/.test(header) ? `attachment; ${header}` : header;
  // Windows writes paths without escaping: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4-5
  const { filename } = parse(asUtf8(typed).replace(/\\(?!["\\])/g, '\\\\')).parameters;
  return filename || 'file';
}

/** Headers come as Latin-1. Most clients write UTF-8 into them. */
function asUtf8(header: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'));
  } catch {
    return header; // it is Latin-1
  }
}
