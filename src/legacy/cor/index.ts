import type { IncomingMessage, ServerResponse } from 'node:http';
import { AttacheError, boundedMessage, NotFoundError, retryAfterHeader } from '../../errors.ts';
import { httpStatuses } from '../../http-status.ts';
import type { LegacyApi, LegacyOptions, LegacyResponse } from '../api.ts';
import { logServerError, statusOf } from '../errors.ts';
import { parseId } from '../ids.ts';
import { jsonResponse } from '../json.ts';
import { listTaskAttachments, uploadAttachments } from './attachments.ts';

/** COR documents neither 415 nor 507: both are 503 here. */
const statuses = { ...httpStatuses, UNSUPPORTED_MEDIA_TYPE: 503, INSUFFICIENT_STORAGE: 503 };

/** What a method requests. Any other method is answered 404 in the same form. */
type Action = 'upload' | 'list' | undefined;
const actions: Readonly<Record<string, Action>> = { POST: 'upload', GET: 'list', HEAD: 'list' };

/**
 * COR's attachments of tasks: `POST` and `GET /v1/tasks/{task_id}/attachments`, also without `/v1`.
 */
export function openCor(options: LegacyOptions): LegacyApi {
  const handlerFor = (act: Action, id: string) => async (request: IncomingMessage, response: ServerResponse) => {
    await options.respond(request, response, await handle(act, id, request));
  };
  const handle = async (act: Action, id: string, request: IncomingMessage): Promise<LegacyResponse> => {
    try {
      const ctx = options.contextFor(await options.authenticate(request, parseKey(request)), request);
      if (!act) throw new NotFoundError([`${request.method} ${request.url?.split('?', 1)[0]}`]);
      const taskId = parseId(id) ?? 0; // no task has the id 0
      return jsonResponse(
        200,
        await (act === 'list'
          ? listTaskAttachments(ctx, taskId, options)
          : uploadAttachments(ctx, taskId, request, options)),
      );
    } catch (error) {
      return errorResponse(error, options);
    }
  };
  return {
    handlerOf(method, path) {
      const [, id] = /^(?:\/v1)?\/tasks\/([^/]+)\/attachments\/?$/.exec(path) ?? [];
      return id === undefined ? undefined : handlerFor(actions[method], id);
    },
  };
}

/** The key of `Authorization: Bearer KEY`. */
const parseKey = ({ headers }: IncomingMessage) => /^Bearer\s+(\S+)$/i.exec(headers.authorization?.trim() ?? '')?.[1];

function errorResponse(error: unknown, { log }: LegacyOptions): LegacyResponse {
  logServerError(log, error, 'COR');
  const status = statusOf(error, statuses);
  const message = error instanceof AttacheError ? messageOf(error) : 'Internal server error';
  const headers = { ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}), ...retryAfterHeader(error) };
  return jsonResponse(status, { message }, headers);
}

const messageOf = (error: AttacheError) =>
  error.code === 'UNAUTHENTICATED' ? 'Unauthorized' : boundedMessage(error.message);
