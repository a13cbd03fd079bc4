import { Alert, Box, Loader, Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { FileList } from '../files/file-list.tsx';
import { useFileList } from '../files/use-file-list.ts';
import { useLiveFiles } from '../live/use-live-files.ts';
import { format, messages } from '../messages/messages.ts';
import { UploadArea } from '../uploads/upload-area.tsx';
import { PlaceBreadcrumbs, titleOf } from './breadcrumbs.tsx';
import { isPlace, type Place, placeQuery } from './place-query.ts';

/** What files can be attached to, by its id, as in `Task:1`: its title, path and files. */
export function PlaceView({ placeId, viewerId }: { placeId: string; viewerId: string }) {
  const [{ data, error }] = useQuery({ query: placeQuery, variables: { id: placeId } });
  if (error) return <Alert color="red">{format(messages.failed, { message: error.message })}</Alert>;
  if (!data) return <Loader aria-label={messages.loading} />;
  if (!isPlace(data.node)) return <Alert color="red">{messages.places.missing}</Alert>;
  return <PlaceContent key={placeId} place={data.node} viewerId={viewerId} />;
}

function PlaceContent({ place, viewerId }: { place: Place; viewerId: string }) {
  const files = useFileList({ placeId: place.id });
  useLiveFiles(place.id, files, viewerId);
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
        {place.viewerCanAttach && (
          <Box mb="sm">
            <UploadArea target={{ on: place.id, label: titleOf(place) }} />
          </Box>
        )}
        <FileList list={files} label={texts.files} />
      </section>
    </Stack>
  );
}
