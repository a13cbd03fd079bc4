import { Radio } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { CHOICE_STYLES, ChoiceList, SearchedChoices } from '../app/searched-choices.tsx';
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
    <SearchedChoices
      label={texts.searchPlaces}
      onSearch={setSearch}
      list={{ error, isLoading: fetching && !data, refetch }}
      isEmpty={offered.length === 0}
      none={texts.nothingFound}
    >
      <Radio.Group label={label} value={value ?? null} onChange={onChange}>
        <ChoiceList>
          {offered.map((place) => (
            <Radio
              key={place.id}
              value={place.id}
              label={<bdi>{titleOfPlace(place)}</bdi>}
              description={'project' in place ? place.project.title : undefined}
              styles={CHOICE_STYLES}
            />
          ))}
        </ChoiceList>
      </Radio.Group>
    </SearchedChoices>
  );
}
