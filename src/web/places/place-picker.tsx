import { Loader, Radio, ScrollArea, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { ErrorNotice } from '../app/error-notice.tsx';
import { SearchInput } from '../app/search-input.tsx';
import { titleOfPlace } from '../files/title-of-place.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';

const placeSearchQuery = graphql(`
  query PlaceSearch($first: Int!, $projects: ProjectFilter, $tasks: TaskFilter, $entities: EntityFilter) {
    projects(first: $first, filter: $projects) {
      nodes {
        ...PlaceTitle
        viewerCanAttach
      }
    }
    tasks(first: $first, filter: $tasks) {
      nodes {
        ...PlaceTitle
        viewerCanAttach
        project {
          title
        }
      }
    }
    entities(first: $first, filter: $entities) {
      nodes {
        ...PlaceTitle
        viewerCanAttach
      }
    }
  }
`);

/** Places of each kind that a search shows. */
const SHOWN = 20;

interface PlacePickerProps {
  label: string;
  /** The id of a place that is not offered. */
  exclude: string;
  value: string | undefined;
  onChange(id: string): void;
}

/** A search for the places to which the viewer may attach files, and a choice among them. */
export function PlacePicker({ label, exclude, value, onChange }: PlacePickerProps) {
  const [search, setSearch] = useState('');
  const filter = search ? { titleContains: search } : null;
  const [{ data, error, fetching }, refetch] = useQuery({
    query: placeSearchQuery,
    variables: { first: SHOWN, projects: filter, tasks: filter, entities: filter },
    requestPolicy: 'network-only',
  });
  const texts = messages.places;
  const found = data ? [...data.tasks.nodes, ...data.projects.nodes, ...data.entities.nodes] : [];
  const offered = found.filter(({ id, viewerCanAttach }) => viewerCanAttach && id !== exclude);
  return (
    <Stack gap="xs">
      <SearchInput label={texts.searchPlaces} onSearch={setSearch} />
      {error && <ErrorNotice error={error} onRetry={refetch} />}
      {fetching && !data && <Loader size="sm" aria-label={messages.loading} />}
      <Radio.Group label={label} value={value ?? null} onChange={onChange}>
        <ScrollArea.Autosize mah={280} mt="xs" type="auto">
          <Stack gap="xs" pb="xs" pe="md">
            {offered.map((place) => (
              <Radio
                key={place.id}
                value={place.id}
                label={<bdi>{titleOfPlace(place)}</bdi>}
                description={'project' in place ? place.project.title : undefined}
                styles={{ label: { overflowWrap: 'anywhere' } }}
              />
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Radio.Group>
      {data && offered.length === 0 && <Text c="dimmed">{texts.nothingFound}</Text>}
    </Stack>
  );
}
