import { Alert, Anchor, Loader, Stack, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { Link } from 'wouter';
import { NotFound, ViewError } from '../app/not-found.tsx';
import { useTitle } from '../app/use-title.ts';
import { messages } from '../messages/messages.ts';
import { ShareLinks } from './share-links.tsx';
import { sharedPlaceQuery } from './sharing-documents.ts';
import { UploadTokens } from './upload-tokens.tsx';

/** What lets people without an account read the files of a place, or upload to it. */
export function SharingPanel({ placeId }: { placeId: string }) {
  const [{ data, error }, refetch] = useQuery({ query: sharedPlaceQuery, variables: { id: placeId } });
  useTitle(messages.sharing.title);
  const texts = messages.sharing;
  const reload = () => refetch({ requestPolicy: 'network-only' });
  if (error) return <ViewError error={error} missing={texts.missing} onRetry={reload} />;
  if (!data) return <Loader aria-label={messages.loading} />;
  const place = data.node;
  if (!place || !('viewerCanAttach' in place)) return <NotFound text={texts.missing} />;
  const title = 'title' in place ? place.title : place.body.slice(0, 80);
  return (
    <Stack gap="lg">
      <div>
        <Anchor component={Link} href={`/${place.id}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
          <bdi>{title}</bdi>
        </Anchor>
        <Title order={2}>{texts.title}</Title>
      </div>
      {place.viewerCanAttach ? (
        <>
          <ShareLinks placeId={place.id} />
          <UploadTokens placeId={place.id} />
        </>
      ) : (
        <Alert color="red">{texts.refused}</Alert>
      )}
    </Stack>
  );
}
