import type { Connection, PageRequest } from './use-pages.ts';

/** The arguments that read a list, which the server has oldest first, from its end. */
export const fromEnd = ({ first, after }: PageRequest) => ({ last: first, before: after });

interface Backwards<Node> {
  nodes: Node[];
  pageInfo: { hasPreviousPage: boolean; startCursor: string | null };
}

/** Such a page, with the newest item first. A list that the viewer may not see is empty. */
export const newestFirst = <Node>(list: Backwards<Node> | null | undefined): Connection<Node> => ({
  nodes: [...(list?.nodes ?? [])].reverse(),
  pageInfo: { hasNextPage: list?.pageInfo.hasPreviousPage ?? false, endCursor: list?.pageInfo.startCursor ?? null },
});
