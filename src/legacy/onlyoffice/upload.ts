import type { IncomingMessage } from 'node:http';
import { admitUpload } from '../../attachments/admit.ts';
import type { Incoming } from '../../attachments/receive.ts';
import type { Viewer } from '../../auth/permissions.ts';
import { BadInput } from '../../errors.ts';
import type { LegacyForm, LegacyOptions } from '../api.ts';
import { hang } from './attach.ts';
import { encodeFiles } from './file.ts';
import type { Call } from './index.ts';

/** Takes files in, from a form or as the body itself, and hangs them: one is answered alone, several as a list. */
export async function uploadFiles({ options, ctx, request, route: { on } }: Call): Promise<unknown> {
  await admitUpload(ctx, { on });
  await using sent = await receive(options, request, ctx.viewer);
  const incoming = sent.files.map((file) => file.incoming);
  if (incoming.length === 0) throw new BadInput('No input files.');
  const { files } = await hang(ctx, on, [], incoming);
  const encoded = await encodeFiles(ctx, options, files, on);
  return encoded.length === 1 ? encoded[0] : encoded;
}

async function receive(options: LegacyOptions, request: IncomingMessage, viewer: Viewer): Promise<LegacyForm> {
  const contentType = request.headers['content-type'] ?? '';
  if (/^\s*multipart\/form-data/i.test(contentType)) return options.readForm(request, viewer);
  const incoming = await options.receiveBody(request, { name: nameIn(request), contentType });
  return { fields: [], files: [{ name: 'file', incoming }], [Symbol.asyncDispose]: () => dispose(incoming) };
}

async function dispose(incoming: Incoming): Promise<void> {
  if ('file' in incoming) await incoming.file[Symbol.asyncDispose]();
}

/** https://www.rfc-editor.org/rfc/rfc6266#section-4.1, where the name in `filename*` counts more. */
function nameIn({ headers }: IncomingMessage): string {
  const disposition = headers['content-disposition'];
  if (!disposition) throw new BadInput('Name the file in a header Content-Disposition, or send it as a form.');
  const encoded = /;\s*filename\*\s*=\s*UTF-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  try {
    if (encoded) return decodeURIComponent(encoded);
  } catch {
    // not encoded as it says; the plain name is there for that
  }
  const [, quoted, bare] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition) ?? [];
  const name = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare;
  // Headers come as Latin-1; clients write UTF-8 into them.
  return name ? Buffer.from(name, 'latin1').toString() : 'file';
}
