import { Badge, Box, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from 'urql';
import { Loading } from '../app/loading.tsx';
import { NotFound, ViewError } from '../app/not-found.tsx';
import { useTitle } from '../app/use-title.ts';
import { FileFilters, useFileFilters } from '../files/file-filters.tsx';
import { FileList } from '../files/file-list.tsx';
import { PlaceFilesBar } from '../files/place-files-bar.tsx';
import { titleOfPlace } from '../files/title-of-place.ts';
import { useFileList } from '../files/use-file-list.ts';
import { useLiveFiles } from '../live/use-live-files.ts';
import { messages } from '../messages/messages.ts';
import { PlaceManagement } from '../sharing/place-management.tsx';
import { useViewer } from '../sign-in/viewer.tsx';
import { UploadArea } from '../uploads/upload-area.tsx';
import { PlaceBreadcrumbs, titleOf } from './breadcrumbs.tsx';
import { CommentList } from './comment-list.tsx';
import { PlaceActions } from './place-actions.tsx';
import { isPlace, type Place, placeQuery } from './place-query.ts';
import { TaskList } from './task-list.tsx';

/** What files can be attached to, by its id, as in `Task:1`: its title, path and files. */
export function PlaceView({ placeId }: { placeId: string }) {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: placeQuery,
    variables: { id: placeId },
    requestPolicy: 'cache-and-network',
  });
  const reload = () => refetch({ requestPolicy: 'network-only' });
  if (error) return <ViewError error={error} missing={messages.places.missing} onRetry={reload} />;
  // The answer for the place before it stays until that for this one arrives.
  const isStale = fetching && data?.node?.id !== placeId;
  if (!data || isStale) return <Loading />;
  if (!isPlace(data.node)) return <NotFound text={messages.places.missing} />;
  return <PlaceContent key={placeId} place={data.node} onChange={reload} />;
}

interface PlaceContentProps {
  place: Place;
  onChange(): void;
}

function PlaceContent({ place, onChange }: PlaceContentProps) {
  const viewer = useViewer();
  const filters = useFileFilters();
  useTitle(titleOf(place));
  const files = useFileList({ placeId: place.id, filter: filters.filter, orderBy: filters.orderBy });
  useLiveFiles(place.id, files, viewer.id);
  const texts = messages.places;
  return (
    <Stack gap="md">
      <PlaceBreadcrumbs place={place} />
      <Group justify="space-between" align="flex-start" gap="xs">
        <Title order={2} style={{ overflowWrap: 'anywhere' }}>
          <bdi>{titleOf(place)}</bdi>
        </Title>
        <Group gap="xs">
          {place.__typename === 'Task' && place.isClosed && <Badge variant="default">{texts.closed}</Badge>}
          <PlaceManagement place={place} />
          <PlaceActions place={place} onChange={onChange} />
        </Group>
      </Group>
      {place.__typename === 'Comment' && <Text style={{ whiteSpace: 'pre-wrap' }}>{place.body}</Text>}
      {place.__typename === 'Project' && <TaskList projectId={place.id} canCreate={place.viewerCanAttach} />}
      <section aria-label={texts.files}>
        <Group justify="space-between" gap="xs" mb="xs">
          <Title order={3} size="h4">
            {texts.files}
          </Title>
          <PlaceFilesBar place={place} list={files} />
        </Group>
        {place.viewerCanAttach && (
          <Box mb="sm">
            <UploadArea target={{ on: place.id, label: titleOfPlace(place) }} />
          </Box>
        )}
        <FileFilters filters={filters} />
        <FileList
          list={files}
          label={texts.files}
          place={place}
          none={filters.filter ? messages.files.nothingFound : messages.files.none}
        />
      </section>
      {place.__typename === 'Task' && (
        <CommentList taskId={place.id} projectId={place.project.id} canComment={place.canEdit} />
      )}
    </Stack>
  );
}
