import type { FastifyInstance } from 'fastify';
import type { Viewer } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { BadInput } from '../errors.ts';
import { attachableTypes } from '../workspace/attachable.ts';
import { sendArchive } from './archive.ts';
import { takeOver, tell } from './by-hand.ts';
import { keyInHeader } from './credentials.ts';
import { download } from './download.ts';
import { refIn } from './ref.ts';
import type { ServerOptions } from './server.ts';

type FileOptions = Pick<ServerOptions, 'authenticate' | 'viewerOfLink' | 'log'> & {
  contextFor(viewer: Viewer): Context;
};

/** Where bytes are fetched: `/files/{databaseId}/content`, and all files of an attachable as `/files/zip?on=Task:1`. */
export function serveFiles(app: FastifyInstance, { authenticate, viewerOfLink, contextFor, log }: FileOptions): void {
  app.get<{ Params: { id: string }; Querystring: { token?: unknown } }>(
    '/files/:id/content',
    async (request, reply) => {
      takeOver(reply);
      try {
        const { id } = request.params;
        const { token } = request.query;
        const isLink = typeof token === 'string';
        const viewer = isLink
          ? await viewerOfLink(Number(id), token)
          : await authenticate(keyInHeader(request.headers));
        if (!/^[1-9]\d{0,15}$/.test(id))
          throw new BadInput('The address of a file has its number in it, as in /files/1/content.');
        await download(contextFor(viewer), Number(id), request.raw, reply.raw, { isLink });
      } catch (err) {
        await tell(log, request, reply, err);
      }
    },
  );

  app.get<{ Querystring: { on?: unknown } }>('/files/zip', async (request, reply) => {
    takeOver(reply);
    try {
      const viewer = await authenticate(keyInHeader(request.headers));
      await sendArchive(contextFor(viewer), refIn(request.query.on, 'on', attachableTypes), request.raw, reply.raw);
    } catch (err) {
      await tell(log, request, reply, err);
    }
  });
}
