import { Stack, Title } from '@mantine/core';
import { useTitle } from '../app/use-title.ts';
import { messages } from '../messages/messages.ts';
import { FileFilters, useFileFilters } from './file-filters.tsx';
import { FileList } from './file-list.tsx';
import { useFileList } from './use-file-list.ts';

/** All files that the viewer may see, wherever they are attached. */
export function FilesView() {
  const filters = useFileFilters();
  const list = useFileList(filters);
  useTitle(messages.navigation.files);
  return (
    <Stack gap="md">
      <Title order={2}>{messages.navigation.files}</Title>
      <div>
        <FileFilters filters={filters} />
        <FileList
          list={list}
          label={messages.navigation.files}
          none={filters.filter ? messages.files.nothingFound : messages.files.none}
        />
      </div>
    </Stack>
  );
}
