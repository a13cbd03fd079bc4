import { GraphQLError } from 'graphql';
import { withoutByteOrderMark } from '../body/json-body.ts';
import { DOCUMENT_ID_PARAMS } from './persisted-query.ts';

/**
 * Parses the parameters of a GET request. Throws a `GraphQLError` with status 400 for invalid JSON.
 * https://graphql.github.io/graphql-over-http/draft/#sec-GET
 */
export function parseUrlParams(url: string): object {
  const { searchParams } = new URL(url);
  const text = (name: string) => searchParams.get(name) ?? undefined;
  return {
    query: text('query'),
    operationName: text('operationName'),
    variables: parseJson('variables', text('variables')),
    extensions: parseJson('extensions', text('extensions')),
    ...Object.fromEntries(DOCUMENT_ID_PARAMS.map((name) => [name, text(name)])),
  };
}

function parseJson(name: string, text: string | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(withoutByteOrderMark(Buffer.from(text)).toString());
  } catch (error) {
    throw new GraphQLError(`The parameter "${name}" of the address is not JSON: ${(error as Error).message}`, {
      extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
    });
  }
}
