import { useCallback, useRef } from 'react';
import { type Client, useClient } from 'urql';
import type { Pages } from '../api/use-pages.ts';
import { onChangedPlace } from '../live/file-events.ts';
import { useRefreshWhenSeen } from '../live/refresh-when-seen.ts';
import { useEvents } from '../live/use-events.ts';
import { useTogether } from '../live/use-live-files.ts';
import { type Comment, type CommentPage, readComments } from './comment-query.ts';

/** How long events are collected for one request, in milliseconds. */
const TOGETHER_MS = 300;
const PAGE_SIZE = 100;
/** The most pages that a refresh reads. Comments beyond them stay as they are shown. */
const MAX_PAGES = 10;

/**
 * Shows the comments of others, and the files on them. The log has events of files alone, so
 * comments are read again when files on one of them change, or on one that is not known yet, and
 * otherwise when `useRefreshWhenSeen` does. Returns what reads them again.
 */
export function useLiveComments(
  { taskId, projectId }: { taskId: string; projectId: string },
  pages: Pages<Comment, CommentPage>,
): () => void {
  const client = useClient();
  const latest = useRef(pages);
  latest.current = pages;
  const isReading = useRef(false);
  const isRequested = useRef(false);
  const refresh = useCallback(async () => {
    isRequested.current = true;
    if (isReading.current) return;
    isReading.current = true;
    while (isRequested.current) {
      isRequested.current = false;
      const fresh = await readFrom(client, taskId, latest.current);
      if (fresh) latest.current.update((shown, hasMore) => merge(shown, hasMore, fresh));
    }
    isReading.current = false;
  }, [client, taskId]);
  const refreshSoon = useTogether<unknown>(TOGETHER_MS, refresh);
  // The events of comments are those of their project.
  useEvents(onChangedPlace, projectId, pages.first && (pages.first.eventCursor ?? null), {
    onEvent({ onId }) {
      const { nodes } = latest.current;
      if (isOfComment(onId) && (nodes.some(({ id }) => id === onId) || isLater(onId, nodes.at(-1)))) refreshSoon(onId);
    },
    onGap: refresh,
    onEnd: refresh,
  });
  useRefreshWhenSeen(refresh);
  return refresh;
}

interface Fresh {
  comments: Comment[];
  /** Whether these are all comments of the task. */
  isComplete: boolean;
}

/** Reads from the first comment at least as many as are shown; undefined when that fails. */
async function readFrom(
  client: Client,
  taskId: string,
  { nodes, hasMore }: Pages<Comment, CommentPage>,
): Promise<Fresh | undefined> {
  const comments: Comment[] = [];
  let after: string | null = null;
  for (let count = 0; count < MAX_PAGES; count++) {
    const { page } = await readComments(taskId)(client, { first: PAGE_SIZE, after });
    if (!page) return undefined;
    comments.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return { comments, isComplete: true };
    if (hasMore && comments.length >= nodes.length) break;
    after = page.pageInfo.endCursor;
  }
  return { comments, isComplete: false };
}

/** What is shown after a refresh: nothing beyond the last comment while more pages follow it. */
function merge(shown: readonly Comment[], hasMore: boolean, { comments, isComplete }: Fresh): Comment[] {
  const rest = isComplete ? [] : shown.filter(({ id }) => isLater(id, comments.at(-1)));
  const all = [...comments, ...rest];
  return hasMore ? all.filter(({ id }) => !isLater(id, shown.at(-1))) : all;
}

const isOfComment = (id: string) => id.startsWith('Comment:');

/** Whether a comment was created after another, or there is no other. */
const isLater = (id: string, other: Comment | undefined) => !other || numberOf(id) > numberOf(other.id);

const numberOf = (id: string) => Number(id.split(':')[1]);
