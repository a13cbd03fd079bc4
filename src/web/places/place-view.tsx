import { Alert, Loader, Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { FileList } from '../files/file-list.tsx';
import { useFileList } from '../files/use-file-list.ts';
import { format, messages } from '../messages/messages.ts';
import { PlaceBreadcrumbs, titleOf } from './breadcrumbs.tsx';
import { isPlace, type Place, placeQuery } from './place-query.ts';

/** What files can be attached to, by its id, as in `Task:1`: its title, path and files. */
export function PlaceView({ placeId }: { placeId: string }) {
  const [{ data, error }] = useQuery({ query: placeQuery, variables: { id: placeId } });
  if (error) return <Alert color="red">{format(messages.failed, { message: error.message })}</Alert>;
  if (!data) return <Loader aria-label={messages.loading} />;
  if (!isPlace(data.node)) return <Alert color="red">{messages.places.missing}</Alert>;
  return <PlaceContent key={placeId} place={data.node} />;
}

function PlaceContent({ place }: { place: Place }) {
  const files = useFileList({ placeId: place.id });
  const texts = messages.places;
  return (
    <Stack gap="md">
      <PlaceBreadcrumbs place={place} />
      <Title order={2} style={{ overflowWrap: 'anywhere' }}>
        <bdi>{titleOf(place)}</bdi>
      </Title>
      {place.__typename === 'Comment' && <Text style={{ whiteSpace: 'pre-wrap' }}>{place.body}</Text>}
      <section aria-label={texts.files}>
        <Title order={3} size="h4" mb="xs">
          {texts.files}
        </Title>
        {/* Uploads: <UploadArea placeId={place.id} list={files} /> where place.viewerCanAttach. */}
        {/* Live: useLiveFiles(place.id, …) calls files.insert, files.drop or files.refetch. */}
        <FileList list={files} label={texts.files} />
      </section>
    </Stack>
  );
}
