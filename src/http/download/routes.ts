import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Viewer } from '../../auth/permissions.ts';
import type { LinkSubject } from '../../auth/signed-links.ts';
import type { RequestContext } from '../../context.ts';
import { BadUserInputError } from '../../errors.ts';
import { topicOf } from '../../events/topic.ts';
import { type ArchiveContent, filesToArchive } from '../../files/archive.ts';
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
 * Serves downloads: `/files/{databaseId}/content`, `/files/{databaseId}/thumbnail`, all files of an
 * attachable as `/files/zip?on=Task:1`, and chosen files as `/files/zip?files=1,2`.
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

  app.get<{ Querystring: Record<string, unknown> }>('/files/zip', async (request, reply) => {
    hijack(reply);
    try {
      const { query, raw, headers } = request;
      const signed = typeof query.token === 'string' ? contentOf(query) : undefined;
      const viewer = signed
        ? await authentication.viewerOfLink(raw, subjectOf(signed), query.token as string)
        : await authentication.authenticate(raw, keyInHeader(headers));
      const content = signed ?? contentOf(query);
      const ctx = contextFor(viewer, raw);
      await sendArchive(ctx, { files: await filesToArchive(ctx, content), name: nameOf(content) }, raw, reply.raw);
    } catch (err) {
      await respondWithError(log, request, reply, err);
    }
  });
}

/** What the archive of a URL has. Throws `BadUserInputError`. */
function contentOf({ on, files }: Record<string, unknown>): ArchiveContent {
  if (files === undefined) return { on: parseRef(on, 'on', attachableTypes) };
  if (on !== undefined || typeof files !== 'string' || !/^[1-9]\d{0,15}(?:,[1-9]\d{0,15})*$/.test(files))
    throw new BadUserInputError('Give either `on`, as in on=Task:1, or the numbers of files, as in files=1,2.');
  return { fileIds: files.split(',').map(Number) };
}

/** What the signature of a link to an archive is for. */
const subjectOf = (content: ArchiveContent): LinkSubject =>
  'on' in content ? `archive ${topicOf(content.on)}` : `files ${content.fileIds.join()}`;

/** The name of an archive, without its extension. */
const nameOf = (content: ArchiveContent): string => ('on' in content ? `${content.on.type}-${content.on.id}` : 'Files');
