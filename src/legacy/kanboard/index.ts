import type { IncomingMessage, ServerResponse } from 'node:http';
import { AttacheError, Forbidden, Unauthenticated } from '../../errors.ts';
import type { LegacyAnswer, LegacyApi, LegacyOptions } from '../api.ts';
import { type Caller, enter } from './caller.ts';
import { fileProcedures } from './files.ts';
import { answerRpc, type Procedure } from './json-rpc.ts';
import { workProcedures } from './work.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
/** What is in a body beside the largest blob. */
const BESIDE_BLOB = 256 * 1024;

/** Kanboard's JSON-RPC at `/jsonrpc.php`: https://docs.kanboard.org/v1/api/ */
export function openKanboard(options: LegacyOptions): LegacyApi {
  const procedures = new Map<string, Procedure<Caller>>(
    Object.entries({ ...fileProcedures, ...workProcedures(options) }),
  );
  const limit = Math.ceil((options.limits.maxInlineSize * 4) / 3) + BESIDE_BLOB;
  const handler = async (request: IncomingMessage, response: ServerResponse) => {
    await options.answer(request, response, await answered(request));
  };
  const answered = async (request: IncomingMessage): Promise<LegacyAnswer> => {
    try {
      const body = (await options.readBody(request, limit)).toString();
      return {
        status: 200,
        headers: JSON_TYPE,
        body: await answerRpc(body, procedures, () => enter(request, options)),
      };
    } catch (error) {
      return refusal(error, options);
    }
  };
  return { handlerOf: (_method, path) => (path === '/jsonrpc.php' ? handler : undefined) };
}

/** Errors that end the whole of a request, in a batch as well. */
function refusal(error: unknown, { log }: LegacyOptions): LegacyAnswer {
  if (error instanceof Unauthenticated) {
    const headers = { ...JSON_TYPE, 'www-authenticate': 'Basic realm="JsonRPC"' };
    return { status: 401, headers, body: told(401, 'Unauthorized') };
  }
  if (error instanceof Forbidden) return { status: 403, headers: JSON_TYPE, body: told(403, 'Forbidden') };
  if (error instanceof AttacheError) {
    const isTheirs = ['BAD_USER_INPUT', 'PAYLOAD_TOO_LARGE', 'REQUEST_TIMEOUT'].includes(error.code);
    if (!isTheirs) log.error({ err: error }, 'a call of Kanboard failed');
    return { status: isTheirs ? 400 : 503, headers: JSON_TYPE, body: told(-32000, error.message) };
  }
  log.error({ err: error }, 'a call of Kanboard failed');
  return { status: 500, headers: JSON_TYPE, body: told(-32603, 'Internal error') };
}

const told = (code: number, message: string) => JSON.stringify({ error: { code, message }, id: null });
