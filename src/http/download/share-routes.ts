import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { accountOf } from '../../auth/guest.ts';
import type { Viewer } from '../../auth/permissions.ts';
import type { RequestContext } from '../../context.ts';
import { BadUserInputError } from '../../errors.ts';
import { assertShared } from '../../sharing/shared-files.ts';
import type { GuestAuthentication } from '../guest-authentication.ts';
import { hijack, respondWithError } from '../hijack.ts';
import type { ServerOptions } from '../options.ts';
import { download } from './download.ts';
import { sharePage } from './share-page.ts';

type ShareOptions = Pick<ServerOptions, 'log'> & {
  guests: GuestAuthentication;
  /** `account` is the user who is charged for memory and time. */
  contextFor(viewer: Viewer, request: IncomingMessage, account: Pick<Viewer, 'userId'>): RequestContext;
};

interface SharedFileRequest {
  Params: { share: string; file: string };
  Querystring: { token?: unknown };
}

/**
 * Serves the downloads of share links, `/shares/{id}/files/{databaseId}?token=…`, and the page that
 * lists them, `/share`. The bytes are never redirected to the storage: its URLs would outlive the
 * link.
 */
export function serveShares(app: FastifyInstance, { guests, contextFor, log }: ShareOptions): void {
  app.get<SharedFileRequest>('/shares/:share/files/:file', async (request, reply) => {
    hijack(reply);
    try {
      const { params, query, raw } = request;
      const [shareLinkId, fileId] = [parseNumber(params.share), parseNumber(params.file)];
      const signature = typeof query.token === 'string' ? query.token : '';
      const guest = await guests.shareGuestOfUrl(raw, { shareLinkId, fileId, signature });
      const ctx = contextFor(guest.creator, raw, accountOf(guest.creator));
      await assertShared(ctx, guest.grant, fileId);
      await download(ctx, fileId, raw, reply.raw, { isLink: true, headers: { 'x-robots-tag': 'noindex' } });
    } catch (err) {
      await respondWithError(log, request, reply, err);
    }
  });
  app.get('/share', (_request, reply) => reply.headers(sharePage.headers).send(sharePage.html));
}

function parseNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new BadUserInputError('The URL of a shared file has two numbers, as in /shares/1/files/1.');
}
