import { Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import { type CombinedError, useClient } from 'urql';
import { Link } from 'wouter';
import { usePages } from '../api/use-pages.ts';
import { ErrorNotice } from '../app/error-notice.tsx';
import { Loading } from '../app/loading.tsx';
import { MoreButton } from '../app/more-button.tsx';
import { RelativeTime } from '../files/relative-time.tsx';
import { graphql } from '../generated/index.ts';
import { format, messages } from '../messages/messages.ts';
import classes from './comment-list.module.css';
import { type Comment, type CommentPage, readWithCursor } from './comment-query.ts';
import { useLiveComments } from './use-live-comments.ts';

const createComment = graphql(`
  mutation CreateComment($taskId: ID!, $body: String!) {
    createComment(input: { taskId: $taskId, body: $body }) {
      comment {
        id
      }
    }
  }
`);

interface CommentListProps {
  taskId: string;
  projectId: string;
  canComment: boolean;
}

/** The comments of a task, oldest first, each with a link to its files. */
export function CommentList({ taskId, projectId, canComment }: CommentListProps) {
  const pages = usePages<Comment, CommentPage>(useMemo(() => readWithCursor(taskId, projectId), [taskId, projectId]));
  const refresh = useLiveComments({ taskId, projectId }, pages);
  const texts = messages.places;
  return (
    <section aria-label={texts.comments}>
      <Title order={3} size="h4" mb="xs">
        {texts.comments}
      </Title>
      {pages.isLoading && <Loading />}
      {pages.error && <ErrorNotice error={pages.error} onRetry={pages.refetch} />}
      {!pages.isLoading && pages.nodes.length === 0 && !pages.error && <Text c="dimmed">{texts.noComments}</Text>}
      <ul className={classes.list}>
        {pages.nodes.map((comment) => (
          <CommentItem key={comment.id} comment={comment} canAttach={canComment} />
        ))}
      </ul>
      <MoreButton list={pages} />
      {canComment && <CommentForm taskId={taskId} onSent={refresh} />}
    </section>
  );
}

function CommentItem({ comment, canAttach }: { comment: Comment; canAttach: boolean }) {
  const texts = messages.places;
  const { nodes, pageInfo } = comment.files;
  return (
    <li className={classes.comment}>
      <Group gap="xs" justify="space-between">
        <Text size="sm">
          <Text span fw={600} size="sm">
            <bdi>{comment.createdBy.displayName}</bdi>
          </Text>{' '}
          <Text span size="xs" c="dimmed">
            <RelativeTime at={comment.createdAt} />
          </Text>
        </Text>
        <Link href={`/${comment.id}`} className={classes.open}>
          {canAttach ? texts.openComment : texts.readComment}
        </Link>
      </Group>
      <div className={classes.body}>{comment.body}</div>
      {nodes.length > 0 && (
        <ul className={classes.files} aria-label={texts.files}>
          <li>{format(texts.fileCount, { count: `${nodes.length}${pageInfo.hasNextPage ? '+' : ''}` })}</li>
          {nodes.map((file) => (
            <li key={file.id}>
              <Link href={`/${file.id}`}>
                <bdi>{file.name}</bdi>
              </Link>
            </li>
          ))}
          {pageInfo.hasNextPage && (
            <li>
              <Link href={`/${comment.id}`}>{texts.moreFiles}</Link>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}

function CommentForm({ taskId, onSent }: { taskId: string; onSent(): void }) {
  const client = useClient();
  const [body, setBody] = useState('');
  const [error, setError] = useState<CombinedError>();
  const [isSending, setIsSending] = useState(false);
  const texts = messages.places;

  async function send(event: FormEvent) {
    event.preventDefault();
    setIsSending(true);
    const { error } = await client.mutation(createComment, { taskId, body: body.trim() });
    setIsSending(false);
    setError(error);
    if (error) return;
    setBody('');
    onSent();
  }

  return (
    <form onSubmit={send}>
      <Stack gap="xs" mt="sm" align="flex-start">
        <Textarea
          w="100%"
          maw={640}
          label={texts.newComment}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
          maxLength={100_000}
        />
        {error && <ErrorNotice error={error} />}
        <Button type="submit" variant="default" size="compact-md" loading={isSending} disabled={body.trim() === ''}>
          {texts.sendComment}
        </Button>
      </Stack>
    </form>
  );
}
