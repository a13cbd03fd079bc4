import type { IncomingMessage, ServerResponse } from 'node:http';
import { AttacheError, boundedMessage, type ErrorCode, NotFoundError, retryAfterHeader } from '../../errors.ts';
import type { LegacyApi, LegacyOptions, LegacyResponse } from '../api.ts';
import { listTaskAttachments, uploadAttachments } from './attachments.ts';

const statuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  REQUEST_TIMEOUT: 408,
  RATE_LIMITED: 429,
};
const TEMPORARY = 503;

/** What a method asks for. Any other is answered in the same form. */
type Action = 'upload' | 'list' | undefined;
const actions: Readonly<Record<string, Action>> = { POST: 'upload', GET: 'list', HEAD: 'list' };

/** COR's attachments of tasks: `POST` and `GET /v1/tasks/{task_id}/attachments`, also without `/v1`. */
export function openCor(options: LegacyOptions): LegacyApi {
  const handlerFor = (act: Action, id: string) => async (request: IncomingMessage, response: ServerResponse) => {
    await options.respond(request, response, await answered(act, id, request));
  };
  const answered = async (act: Action, id: string, request: IncomingMessage): Promise<LegacyResponse> => {
    try {
      const ctx = options.contextFor(await options.authenticate(request, parseKey(request)), request);
      if (!act) throw new NotFoundError([`${request.method} ${request.url?.split('?', 1)[0]}`]);
      const taskId = /^[1-9]\d{0,9}$/.test(id) && Number(id) < 2 ** 31 ? Number(id) : 0;
      return told(
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

/** `Authorization: Bearer KEY` */
const parseKey = ({ headers }: IncomingMessage) => /^Bearer\s+(\S+)$/i.exec(headers.authorization?.trim() ?? '')?.[1];

function errorResponse(error: unknown, { log }: LegacyOptions): LegacyResponse {
  const status = error instanceof AttacheError ? (statuses[error.code] ?? TEMPORARY) : 500;
  if (status >= 500) log.error({ err: error }, 'a call of COR failed');
  const answer = told(status, { message: error instanceof AttacheError ? messageOf(error) : 'Internal server error' });
  return { ...answer, headers: { ...answer.headers, ...retryAfterHeader(error) } };
}

const messageOf = (error: AttacheError) =>
  error.code === 'UNAUTHENTICATED' ? 'Unauthorized' : boundedMessage(error.message);

const told = (status: number, body: unknown): LegacyResponse => ({
  status,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  },
  body: JSON.stringify(body),
});
