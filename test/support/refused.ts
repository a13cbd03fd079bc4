import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { TestServer } from './server.ts';

/** Sends what has to be refused, and answers why, as in `CONFLICT: …`. */
export async function refused<Data, Variables>(
  server: TestServer,
  document: TypedDocumentNode<Data, Variables>,
  variables?: Variables,
  key?: string,
): Promise<string> {
  const { data, errors } = await server.query(document, variables, key);
  const [error] = errors ?? [];
  if (!error) throw new Error(`The server did it: ${JSON.stringify(data)}`);
  return `${error.extensions.code}: ${error.message}`;
}
