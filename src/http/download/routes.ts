import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Viewer } from '../../auth/permissions.ts';
import type { RequestContext } from '../../context.ts';
import { BadUserInputError } from '../../errors.ts';
import { topicOf } from '../../events/topic.ts';
import { filesToArchive } from '../../files/archive.ts';
import { attachableTypes } from '../../workspace/attachable.ts';
import type { Authentication } from '../authentication.ts';
import { keyInHeader } from '../credentials.ts';
import { hijack, respondWithError } from '../hijack.ts';
import type { ServerOptions } from '../options.ts';
import { parseRef } from '../parse-id.ts';
import { sendArchive } from './archive.ts';
import { download } from './download.ts';
import { sendThumbnail } from './thumbnail.ts';

type FileOptions = Pick<ServerOptions, 'config' | 'log'> & {
  authentication: Authentication;
  contextFor(viewer: Viewer, request: IncomingMessage): RequestContext;
};

/** A request for one file. */
interface FileRequest {
  ctx: RequestContext;
  id: number;
  query: Record<string, unknown>;
  request: IncomingMessage;
  response: ServerResponse;
  /** Whether the request is authenticated by a signed link. */
  isLink: boolean;
}

/**
 * Serves downloads: `/files/{databaseId}/content`, `/files/{databaseId}/thumbnail`, and all files
 * of an attachable as `/files/zip?on=Task:1`.
 */
export function serveFiles(app: FastifyInstance, { config, authentication, contextFor, log }: FileOptions): void {
  const redirects = config.storage.kind === 's3' && config.storage.downloads === 'redirect';
  /** Serves a path of one file, with an API key or by a signed link. */
  const serveFile = (path: string, send: (request: FileRequest) => Promise<void>) =>
    app.get<{ Params: { id: string }; Querystring: Record<string, unknown> }>(
      `/files/:id/${path}`,
      async (request, reply) => {
        hijack(reply);
        try {
          const { params, query, raw } = request;
          const isLink = typeof query.token === 'string';
          const viewer = isLink
            ? await authentication.viewerOfLink(raw, `file ${Number(params.id)}`, query.token as string)
            : await authentication.authenticate(raw, keyInHeader(request.headers));
          if (!/^[1-9]\d{0,15}$/.test(params.id))
            throw new BadUserInputError(`The URL of a file contains its number, as in /files/1/${path}.`);
          const ctx = contextFor(viewer, request.raw);
          await send({ ctx, id: Number(params.id), query, request: raw, response: reply.raw, isLink });
        } catch (err) {
          await respondWithError(log, request, reply, err);
        }
      },
    );
  serveFile('content', ({ ctx, id, request, response, isLink }) =>
    download(ctx, id, request, response, { isLink, redirects }),
  );
  serveFile('thumbnail', ({ ctx, id, query, request, response, isLink }) =>
    sendThumbnail(ctx, id, query, request, response, isLink),
  );

  app.get<{ Querystring: { on?: unknown; token?: unknown } }>('/files/zip', async (request, reply) => {
    hijack(reply);
    try {
      const { query, raw, headers } = request;
      const signedOn = typeof query.token === 'string' ? parseRef(query.on, 'on', attachableTypes) : undefined;
      const viewer = signedOn
        ? await authentication.viewerOfLink(raw, `archive ${topicOf(signedOn)}`, query.token as string)
        : await authentication.authenticate(raw, keyInHeader(headers));
      const on = signedOn ?? parseRef(query.on, 'on', attachableTypes);
      const ctx = contextFor(viewer, raw);
      const archive = { files: await filesToArchive(ctx, on), name: `${on.type}-${on.id}` };
      await sendArchive(ctx, archive, raw, reply.raw);
    } catch (err) {
      await respondWithError(log, request, reply, err);
    }
  });
}
