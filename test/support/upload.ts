import { type DocumentNode, print } from 'graphql';
import type { GraphQLResult, TestServer } from './server.ts';

/** A file of a multipart request. */
export interface Part {
  name: string;
  content: string | Blob;
  type?: string;
}

/**
 * Sends a mutation with the variable `files` as a multipart request, as a browser would:
 * https://github.com/jaydenseric/graphql-multipart-request-spec
 */
export async function sendFiles<Data>(
  server: TestServer,
  document: DocumentNode,
  variables: Record<string, unknown>,
  parts: Part[],
  key = server.key,
): Promise<GraphQLResult<Data>> {
  const form = new FormData();
  form.set(
    'operations',
    JSON.stringify({ query: print(document), variables: { ...variables, files: parts.map(() => null) } }),
  );
  form.set('map', JSON.stringify(Object.fromEntries(parts.map((_, index) => [index, [`variables.files.${index}`]]))));
  for (const [index, { name, content, type = '' }] of parts.entries()) {
    form.set(String(index), new File([content], name, { type }), name);
  }
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: form,
  });
  return (await response.json()) as GraphQLResult<Data>;
}
