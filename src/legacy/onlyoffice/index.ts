import type { IncomingMessage, ServerResponse } from 'node:http';
import { UnauthenticatedError } from '../../errors.ts';
import type { LegacyApi, LegacyOptions, LegacyResponse } from '../api.ts';
import { handleAttach } from './attach-files.ts';
import { authenticateCaller } from './authenticate.ts';
import type { Call } from './call.ts';
import { handleDetach } from './detach-files.ts';
import { handleList } from './list-files.ts';
import { errorResponse, successResponse, unauthorizedResponse } from './response.ts';
import { parseRoute, type Route } from './route.ts';
import { handleUpload } from './upload-files.ts';

const calls: Record<Route['action'], { status: number; run(call: Call): Promise<unknown> }> = {
  attach: { status: 201, run: handleAttach },
  upload: { status: 201, run: handleUpload },
  list: { status: 200, run: handleList },
  detach: { status: 200, run: handleDetach },
};

/**
 * ONLYOFFICE's files of a task and of a contact, an opportunity or a case:
 * https://api.onlyoffice.com/workspace/
 */
export function openOnlyoffice(options: LegacyOptions): LegacyApi {
  const handler = (request: IncomingMessage, response: ServerResponse) => serve(options, request, response);
  // Errors have ONLYOFFICE's format everywhere below its root, also for unknown paths.
  return { handlerOf: (_method, path) => (/^\/api\/2\.0(?:\/|$)/i.test(path) ? handler : undefined) };
}

async function serve(options: LegacyOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await options.respond(request, response, await handle(options, request));
}

async function handle(options: LegacyOptions, request: IncomingMessage): Promise<LegacyResponse> {
  try {
    // Authentication comes first, so that a 404 reveals nothing without credentials.
    const ctx = options.contextFor(await authenticateCaller(options, request), request);
    const route = parseRoute(request.method ?? '', request.url ?? '');
    const { status, run } = calls[route.action];
    return successResponse(status, await run({ options, ctx, request, route }));
  } catch (error) {
    if (error instanceof UnauthenticatedError) return unauthorizedResponse(request);
    return errorResponse(error, options.log);
  }
}
