import type { ReadPage } from '../api/use-pages.ts';
import type { TaskCommentsQuery } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { readEventCursor } from '../live/file-events.ts';

const commentsQuery = graphql(`
  query TaskComments($taskId: ID!, $first: Int!, $after: String) {
    task(id: $taskId) {
      comments(first: $first, after: $after) {
        nodes {
          id
          body
          createdAt
          createdBy {
            displayName
          }
          files(first: 5) {
            nodes {
              id
              name
            }
            pageInfo {
              hasNextPage
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

type Page = NonNullable<TaskCommentsQuery['task']>['comments'];
export type Comment = Page['nodes'][number];
/** A page with the position in the log of events of the project as of before it was read. */
export type CommentPage = Page & { eventCursor?: string | null | undefined };

const always = { requestPolicy: 'network-only' } as const;

/** Reads the comments of a task, oldest first. */
export const readComments =
  (taskId: string): ReadPage<CommentPage> =>
  async (client, request) => {
    const { data, error } = await client.query(commentsQuery, { taskId, ...request }, always);
    return { page: data?.task?.comments, error };
  };

/** The same; the first page has the cursor. */
export const readWithCursor =
  (taskId: string, projectId: string): ReadPage<CommentPage> =>
  async (client, request) => {
    // Before the page: an event in between is delivered again rather than missed.
    const eventCursor = request.after === null ? await readEventCursor(client, projectId) : undefined;
    const { page, error } = await readComments(taskId)(client, request);
    return { page: page && { ...page, eventCursor }, error };
  };
