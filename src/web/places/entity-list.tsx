import { Group, Stack, Title } from '@mantine/core';
import { useMemo } from 'react';
import { type ReadPage, usePages } from '../api/use-pages.ts';
import { useHashText } from '../app/hash-location.ts';
import { SearchInput } from '../app/search-input.tsx';
import { useTitle } from '../app/use-title.ts';
import type { EntitiesQuery, EntityType } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';
import { CreateButton } from './create-button.tsx';
import { PlaceLinks } from './place-links.tsx';

const entitiesQuery = graphql(`
  query Entities($type: EntityType, $first: Int!, $after: String, $filter: EntityFilter) {
    entities(type: $type, first: $first, after: $after, filter: $filter) {
      nodes {
        id
        title
        isPrivate
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Page = EntitiesQuery['entities'];

const readEntities =
  (type: EntityType, titleContains: string): ReadPage<Page> =>
  async (client, request) => {
    const filter = titleContains ? { titleContains } : null;
    const variables = { type, ...request, filter };
    const { data, error } = await client.query(entitiesQuery, variables, { requestPolicy: 'network-only' });
    return { page: data?.entities, error };
  };

const kinds = { CONTACT: 'Contact', OPPORTUNITY: 'Opportunity', CASE: 'Case' } as const;

/** The contacts, opportunities or cases that the viewer may see. */
export function EntityList({ type }: { type: EntityType }) {
  const [search, setSearch] = useHashText('title');
  const pages = usePages<Page['nodes'][number], Page>(useMemo(() => readEntities(type, search), [type, search]));
  const texts = messages.places;
  useTitle(texts.entities[type]);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={2}>{texts.entities[type]}</Title>
        <CreateButton kind={kinds[type]} />
      </Group>
      <SearchInput label={texts.searchTitles} value={search} onSearch={setSearch} />
      <PlaceLinks
        pages={pages}
        none={search ? texts.nothingFound : texts.noEntities}
        details={(entity) => entity.isPrivate && texts.isPrivate}
      />
    </Stack>
  );
}
