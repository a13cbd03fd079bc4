import type { IncomingMessage, ServerResponse } from 'node:http';
import { UnauthenticatedError } from '../../errors.ts';
import type { LegacyApi, LegacyOptions, LegacyResponse } from '../api.ts';
import { errorAnswer, successAnswer, unauthorized } from './answer.ts';
import { attach } from './attach.ts';
import type { Call } from './call.ts';
import { callerOf } from './caller.ts';
import { detach } from './detach.ts';
import { listFiles } from './list.ts';
import { type Route, routeOf } from './route.ts';
import { uploadFiles } from './upload.ts';

const calls: Record<Route['action'], { status: number; run(call: Call): Promise<unknown> }> = {
  attach: { status: 201, run: attach },
  upload: { status: 201, run: uploadFiles },
  list: { status: 200, run: listFiles },
  detach: { status: 200, run: detach },
};

/** ONLYOFFICE's files of a task and of a contact, an opportunity or a case: https://api.onlyoffice.com/workspace/ */
export function openOnlyoffice(options: LegacyOptions): LegacyApi {
  const handler = (request: IncomingMessage, response: ServerResponse) => serve(options, request, response);
  // All below its own root is answered in its own words, even what is not there.
  return { handlerOf: (_method, path) => (/^\/api\/2\.0(?:\/|$)/i.test(path) ? handler : undefined) };
}

async function serve(options: LegacyOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await options.answer(request, response, await answerTo(options, request));
}

async function answerTo(options: LegacyOptions, request: IncomingMessage): Promise<LegacyResponse> {
  try {
    // Before anything else is looked at: who may not come in learns nothing of what is here.
    const ctx = options.contextFor(await callerOf(options, request), request);
    const route = routeOf(request.method ?? '', request.url ?? '');
    const { status, run } = calls[route.action];
    return successAnswer(status, await run({ options, ctx, request, route }));
  } catch (error) {
    if (error instanceof UnauthenticatedError) return unauthorized(request);
    return errorAnswer(error, options.log);
  }
}
