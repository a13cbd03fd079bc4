import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { BadUserInputError } from '../../errors.ts';
import { GRAPHQL_JSON, type JsonBodyOptions, readJson } from '../body/json-body.ts';
import { toErrorResponse } from '../errors.ts';
import { toHttpGraphQLError } from './http-error.ts';
import type { GraphQLOptions, OperationContext } from './options.ts';
import { parseUrlParams } from './url-params.ts';

type ParserOptions = Pick<GraphQLOptions, 'maxQuerySize' | 'jsonPace' | 'budget'>;

/**
 * Parses requests: the parameters of a URL, JSON and multipart forms. Other types are refused with
 * 415: HTML forms of other sites can send them without a CORS preflight.
 */
export function parseRequests({
  maxQuerySize,
  jsonPace,
  budget,
}: ParserOptions): Plugin<OperationContext, OperationContext> {
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (request.method === 'GET') return setRequestParser(async () => parseUrlParams(request.url) as never);
      if (request.method !== 'POST') return;
      const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
      const { form, req, userId } = serverContext;
      if (form) {
        setRequestParser(async () => (await form.operations()) as never);
      } else if ((type === 'application/json' || type === 'application/graphql+json') && req) {
        const body = { limit: maxQuerySize, pace: jsonPace, budget, userId };
        setRequestParser(async () => (await readJsonParams(req, body)) as never);
      } else {
        throw new GraphQLError('Send a query as application/json, or with files as multipart/form-data.', {
          extensions: { code: 'UNSUPPORTED_MEDIA_TYPE', http: { status: 415 } },
        });
      }
    },
  };
}

async function readJsonParams(
  request: IncomingMessage,
  options: Omit<JsonBodyOptions, 'hint' | 'bounds'>,
): Promise<object> {
  try {
    const hint = 'Send files as parts of a multipart request.';
    const body = await readJson(request, { ...options, hint, bounds: GRAPHQL_JSON });
    if (typeof body === 'object' && body !== null) return body;
    throw new BadUserInputError('The body has to be a JSON object with a "query".');
  } catch (error) {
    throw toErrorResponse(error).status === 500 ? error : toHttpGraphQLError(error);
  }
}
