import { GraphQLError } from 'graphql';
import { withoutByteOrderMark } from '../body/json-body.ts';

/** The parameters of a query in an address: https://graphql.github.io/graphql-over-http/draft/#sec-GET */
export function paramsInUrl(url: string): object {
  const { searchParams } = new URL(url);
  const text = (name: string) => searchParams.get(name) ?? undefined;
  return {
    query: text('query'),
    operationName: text('operationName'),
    variables: jsonIn('variables', text('variables')),
    extensions: jsonIn('extensions', text('extensions')),
  };
}

function jsonIn(name: string, given: string | undefined): unknown {
  if (!given) return undefined;
  try {
    return JSON.parse(withoutByteOrderMark(Buffer.from(given)).toString());
  } catch (error) {
    throw new GraphQLError(`The parameter "${name}" of the address is not JSON: ${(error as Error).message}`, {
      extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
    });
  }
}
