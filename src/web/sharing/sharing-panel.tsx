import { Alert, Anchor, Stack, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { Loading } from '../app/loading.tsx';
import { NotFound, ViewError } from '../app/not-found.tsx';
import { useTitle } from '../app/use-title.ts';
import type { SharedQuery } from '../generated/graphql.ts';
import { messages } from '../messages/messages.ts';
import { ShareLinks } from './share-links.tsx';
import { sharedQuery } from './sharing-documents.ts';
import { UploadTokens } from './upload-tokens.tsx';

/** What lets people without an account read a file or those of a place, or upload to the place. */
export function SharingPanel({ id }: { id: string }) {
  const [{ data, error }, refetch] = useQuery({ query: sharedQuery, variables: { id } });
  useTitle(messages.sharing.title);
  const texts = messages.sharing;
  const reload = () => refetch({ requestPolicy: 'network-only' });
  if (error) return <ViewError error={error} missing={texts.missing} onRetry={reload} />;
  if (!data) return <Loading />;
  const shared = data.node && describe(data.node);
  if (!shared) return <NotFound text={texts.missing} />;
  const { title, isFile, canShare } = shared;
  return (
    <Stack gap="lg">
      <div>
        <Anchor component={Link} href={`/${id}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
          <bdi>{title}</bdi>
        </Anchor>
        <Title order={2}>{texts.title}</Title>
      </div>
      {canShare ? (
        <>
          <ShareLinks of={isFile ? 'file' : 'place'} id={id} />
          {!isFile && <UploadTokens of="place" id={id} />}
        </>
      ) : (
        <Alert color="red">{texts.refused}</Alert>
      )}
    </Stack>
  );
}

/** What the panel shows of a place or a file; undefined for anything else. */
function describe(node: NonNullable<SharedQuery['node']>) {
  if ('canEdit' in node) return { title: node.name, isFile: true, canShare: node.canEdit };
  if (!('viewerCanAttach' in node)) return undefined;
  const title = 'title' in node ? node.title : node.body.slice(0, 80);
  return { title, isFile: false, canShare: node.viewerCanAttach };
}
