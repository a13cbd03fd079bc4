import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { accountOf, type ShareGrant } from '../../auth/guest.ts';
import type { Viewer } from '../../auth/permissions.ts';
import type { RequestContext } from '../../context.ts';
import { BadUserInputError } from '../../errors.ts';
import { assertDownloadLeft, countDownload } from '../../sharing/share-downloads.ts';
import type { SharedSubject } from '../../sharing/shared-file-url.ts';
import { assertShared, sharedFilesToArchive } from '../../sharing/shared-files.ts';
import type { GuestAuthentication } from '../guest-authentication.ts';
import { hijack, respondWithError } from '../hijack.ts';
import type { ServerOptions } from '../options.ts';
import { sendArchive } from './archive.ts';
import { download } from './download.ts';
import { sharePage } from './share-page.ts';
import { sendThumbnail } from './thumbnail.ts';

type ShareOptions = Pick<ServerOptions, 'log'> & {
  guests: GuestAuthentication;
  /** `account` is the user who is charged for memory and time. */
  contextFor(viewer: Viewer, request: IncomingMessage, account: Pick<Viewer, 'userId'>): RequestContext;
};

interface SharedRequest {
  Params: { share: string; file?: string };
  Querystring: { token?: unknown };
}

/** An authenticated request with a URL of a share link. */
interface SharedExchange {
  ctx: RequestContext;
  grant: ShareGrant;
  subject: SharedSubject;
  fileId: number;
  request: IncomingMessage;
  response: ServerResponse;
  /** Counts the download against the limit of the link. */
  count(isRange: boolean): Promise<void>;
}

/** No search engine lists what is shared by a link. */
const headers = { 'x-robots-tag': 'noindex' };

/**
 * Serves the URLs of share links, which are signed: files at `/shares/{id}/files/{databaseId}`,
 * their thumbnails, all files at `/shares/{id}/zip`; and the page that lists them, `/share`. The
 * bytes are never redirected to the storage: its URLs would outlive the link.
 */
export function serveShares(app: FastifyInstance, { guests, contextFor, log }: ShareOptions): void {
  const serve = (
    path: string,
    subjectOf: (fileId: number) => SharedSubject,
    send: (exchange: SharedExchange) => Promise<void>,
  ) =>
    app.get<SharedRequest>(`/shares/:share/${path}`, async (request, reply) => {
      hijack(reply);
      try {
        const { params, query, raw } = request;
        const shareLinkId = parseNumber(params.share);
        const fileId = params.file === undefined ? 0 : parseNumber(params.file);
        const signature = typeof query.token === 'string' ? query.token : '';
        const subject = subjectOf(fileId);
        const { creator, grant } = await guests.shareGuestOfUrl(raw, { shareLinkId, subject, signature });
        const ctx = contextFor(creator, raw, accountOf(creator));
        const count = (isRange: boolean) => countDownload(ctx, grant, { subject, signature, isRange });
        await send({ ctx, grant, subject, fileId, request: raw, response: reply.raw, count });
      } catch (err) {
        await respondWithError(log, request, reply, err);
      }
    });
  serve(
    'files/:file',
    (fileId) => `file ${fileId}`,
    async ({ ctx, grant, fileId, request, response, count }) => {
      await assertShared(ctx, grant, fileId);
      await download(ctx, fileId, request, response, { isLink: true, headers, onSend: count });
    },
  );
  serve(
    'files/:file/thumbnail',
    (fileId) => `thumbnail ${fileId}`,
    async ({ ctx, grant, fileId, request, response }) => {
      assertDownloadLeft(grant);
      await assertShared(ctx, grant, fileId);
      response.setHeader('x-robots-tag', headers['x-robots-tag']);
      // Of one size: a large thumbnail would be a download that nothing counts.
      await sendThumbnail(ctx, fileId, {}, request, response, true);
    },
  );
  serve(
    'zip',
    () => 'zip',
    async ({ ctx, grant, request, response, count }) => {
      const files = await sharedFilesToArchive(ctx, grant);
      if (request.method !== 'HEAD') await count(false);
      await sendArchive(ctx, { files, name: `Share-${grant.shareLinkId}`, headers }, request, response);
    },
  );
  app.get('/share', (_request, reply) => reply.headers(sharePage.headers).send(sharePage.html));
}

function parseNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new BadUserInputError('The URL of a shared file has two numbers, as in /shares/1/files/1.');
}
