import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type DocumentNode, print } from 'graphql';

/** The URLs of a server, and the API key for requests without one. */
export interface Endpoint {
  url: string;
  graphqlUrl: string;
  wsUrl: string;
  key: string;
}

export interface GraphQLResult<Data> {
  data?: Data | null;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[];
}

/** A query as text, or as a document with the types of its variables and result. */
export type Query<Data, Variables> = string | DocumentNode | TypedDocumentNode<Data, Variables>;

/** A file of a multipart request. */
export interface Part {
  name: string;
  content: string | Blob;
  type?: string;
}

export const endpointOf = (graphqlUrl: string, key: string): Endpoint => ({
  url: new URL(graphqlUrl).origin,
  graphqlUrl,
  wsUrl: graphqlUrl.replace('http', 'ws'),
  key,
});

const textOf = (query: Query<never, never>) => (typeof query === 'string' ? query : print(query));

async function post<Data>(
  { graphqlUrl }: Pick<Endpoint, 'graphqlUrl'>,
  key: string,
  headers: Record<string, string>,
  body: BodyInit,
): Promise<GraphQLResult<Data>> {
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...headers },
    body,
  });
  return (await response.json()) as GraphQLResult<Data>;
}

/** Sends a query as JSON, and returns the result with any status. */
export const execute = <Data, Variables = Record<string, unknown>>(
  server: Endpoint,
  query: Query<Data, Variables>,
  variables?: Variables,
  key = server.key,
): Promise<GraphQLResult<Data>> =>
  post(server, key, { 'content-type': 'application/json' }, JSON.stringify({ query: textOf(query), variables }));

/**
 * Sends a mutation with the variable `files` as a multipart request, as a browser would:
 * https://github.com/jaydenseric/graphql-multipart-request-spec
 */
export function executeWithFiles<Data>(
  server: Endpoint,
  query: Query<Data, never>,
  variables: Record<string, unknown>,
  parts: Part[],
  key = server.key,
): Promise<GraphQLResult<Data>> {
  const operations = { query: textOf(query), variables: { ...variables, files: parts.map(() => null) } };
  const form = new FormData();
  form.set('operations', JSON.stringify(operations));
  form.set('map', JSON.stringify(Object.fromEntries(parts.map((_, index) => [index, [`variables.files.${index}`]]))));
  for (const [index, { name, content, type = '' }] of parts.entries())
    form.set(String(index), new File([content], name, { type }), name);
  return post(server, key, {}, form);
}

/** Returns the data of a result, or throws if it has errors. */
export function dataOf<Data>({ data, errors }: GraphQLResult<Data>): Data {
  if (errors || !data) throw new Error(`The server answered ${JSON.stringify(errors)}.`);
  return data;
}

/** Sends a query that must succeed, and returns its data. */
export const ask = async <Data, Variables = Record<string, unknown>>(
  server: Endpoint,
  query: Query<Data, Variables>,
  variables?: Variables,
  key?: string,
): Promise<Data> => dataOf(await execute(server, query, variables, key));

/** Sends a mutation with files that must succeed, and returns its data. */
export const askWithFiles = async <Data>(...request: Parameters<typeof executeWithFiles<Data>>): Promise<Data> =>
  dataOf(await executeWithFiles(...request));

/** Sends a query that must fail, and returns code and message, such as `CONFLICT: …`. */
export async function errorOf<Data, Variables = Record<string, unknown>>(
  server: Endpoint,
  query: Query<Data, Variables>,
  variables?: Variables,
  key?: string,
): Promise<string> {
  const { data, errors } = await execute(server, query, variables, key);
  const [error] = errors ?? [];
  if (!error) throw new Error(`The request succeeded: ${JSON.stringify(data)}`);
  return `${error.extensions.code}: ${error.message}`;
}

/** Sends a query, and returns the code of its first error, or undefined without errors. */
export const codeOf = async <Data, Variables = Record<string, unknown>>(
  server: Endpoint,
  query: Query<Data, Variables>,
  variables?: Variables,
  key?: string,
): Promise<string | undefined> => (await execute(server, query, variables, key)).errors?.[0]?.extensions.code;
