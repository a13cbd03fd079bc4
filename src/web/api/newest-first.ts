import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { Connection, ReadPage } from './use-pages.ts';

interface Backwards<Node> {
  nodes: Node[];
  pageInfo: { hasPreviousPage: boolean; startCursor: string | null };
}

/** Such a page, with the newest item first. A list that the viewer may not see is empty. */
const newestFirst = <Node>(list: Backwards<Node> | null | undefined): Connection<Node> => ({
  nodes: [...(list?.nodes ?? [])].reverse(),
  pageInfo: { hasNextPage: list?.pageInfo.hasPreviousPage ?? false, endCursor: list?.pageInfo.startCursor ?? null },
});

/** Reads a list, which the server has oldest first, from its end. */
export const readNewestFirst =
  <Data, Variables, Node>(
    query: TypedDocumentNode<Data, Variables>,
    variables: Omit<Variables, 'last' | 'before'>,
    listIn: (data: Data) => Backwards<Node> | null | undefined,
  ): ReadPage<Connection<Node>> =>
  async (client, { first, after }) => {
    const all = { ...variables, last: first, before: after };
    const { data, error } = await client.query<Data>(query, all, { requestPolicy: 'network-only' });
    return { page: data && newestFirst(listIn(data)), error };
  };
