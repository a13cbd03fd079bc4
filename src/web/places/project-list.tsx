import { Group, Stack, Title } from '@mantine/core';
import { useMemo } from 'react';
import { type ReadPage, usePages } from '../api/use-pages.ts';
import { useHashText } from '../app/hash-location.ts';
import { SearchInput } from '../app/search-input.tsx';
import { useTitle } from '../app/use-title.ts';
import type { ProjectsQuery } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';
import { CreateButton } from './create-button.tsx';
import { PlaceLinks } from './place-links.tsx';

const projectsQuery = graphql(`
  query Projects($first: Int!, $after: String, $filter: ProjectFilter) {
    projects(first: $first, after: $after, filter: $filter) {
      nodes {
        id
        title
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Page = ProjectsQuery['projects'];

const readProjects =
  (titleContains: string): ReadPage<Page> =>
  async (client, request) => {
    const filter = titleContains ? { titleContains } : null;
    const { data, error } = await client.query(
      projectsQuery,
      { ...request, filter },
      { requestPolicy: 'network-only' },
    );
    return { page: data?.projects, error };
  };

/** The projects that the viewer may see. */
export function ProjectList() {
  const [search, setSearch] = useHashText('title');
  const pages = usePages<Page['nodes'][number], Page>(useMemo(() => readProjects(search), [search]));
  const texts = messages.places;
  useTitle(messages.navigation.projects);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={2}>{messages.navigation.projects}</Title>
        <CreateButton kind="Project" />
      </Group>
      <SearchInput label={texts.searchProjects} value={search} onSearch={setSearch} />
      <PlaceLinks pages={pages} none={search ? texts.nothingFound : texts.noProjects} />
    </Stack>
  );
}
