import { Group, NativeSelect, Title } from '@mantine/core';
import { useMemo } from 'react';
import { type ReadPage, usePages } from '../api/use-pages.ts';
import { useHashChoice, useHashText } from '../app/hash-location.ts';
import { SearchInput } from '../app/search-input.tsx';
import type { ProjectTasksQuery, TaskFilter } from '../generated/graphql.ts';
import { graphql } from '../generated/index.ts';
import { messages } from '../messages/messages.ts';
import { CreateButton } from './create-button.tsx';
import { PlaceLinks } from './place-links.tsx';

const tasksQuery = graphql(`
  query ProjectTasks($projectId: ID!, $first: Int!, $after: String, $filter: TaskFilter) {
    tasks(projectId: $projectId, first: $first, after: $after, filter: $filter) {
      nodes {
        id
        title
        isClosed
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

type Page = ProjectTasksQuery['tasks'];
const states = ['all', 'open', 'closed'] as const;
type State = (typeof states)[number];

function readTasks(projectId: string, search: string, state: State): ReadPage<Page> {
  const filter: TaskFilter = {
    ...(search && { titleContains: search }),
    ...(state !== 'all' && { isClosed: state === 'closed' }),
  };
  return async (client, request) => {
    const variables = { projectId, ...request, filter: Object.keys(filter).length > 0 ? filter : null };
    const { data, error } = await client.query(tasksQuery, variables, { requestPolicy: 'network-only' });
    return { page: data?.tasks, error };
  };
}

/** Fewer than in other lists, because the files of the project follow. */
const PAGE_SIZE = 10;

/** The tasks of a project, with a search in their titles. */
export function TaskList({ projectId, canCreate }: { projectId: string; canCreate: boolean }) {
  const [search, setSearch] = useHashText('task');
  const [state, setState] = useHashChoice('tasks', states);
  const read = useMemo(() => readTasks(projectId, search, state), [projectId, search, state]);
  const pages = usePages<Page['nodes'][number], Page>(read, PAGE_SIZE);
  const texts = messages.places;
  return (
    <section aria-label={texts.tasks}>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h4">
          {texts.tasks}
        </Title>
        {canCreate && <CreateButton kind="Task" parentId={projectId} />}
      </Group>
      <Group gap="xs" mb="xs">
        <SearchInput label={texts.searchTasks} value={search} onSearch={setSearch} />
        <NativeSelect
          aria-label={texts.stateOfTasks}
          value={state}
          onChange={(event) => setState(event.currentTarget.value as State)}
          data={states.map((value) => ({ value, label: texts.taskStates[value] }))}
        />
      </Group>
      <PlaceLinks
        pages={pages}
        none={search || state !== 'all' ? texts.nothingFound : texts.noTasks}
        details={(task) => task.isClosed && texts.closed}
      />
    </section>
  );
}
