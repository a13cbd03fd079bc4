import { Checkbox, Loader, ScrollArea, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useClient } from 'urql';
import { ErrorNotice } from '../../app/error-notice.tsx';
import { FormDialog } from '../../app/form-dialog.tsx';
import { MoreButton } from '../../app/more-button.tsx';
import { SearchInput } from '../../app/search-input.tsx';
import { format, messages } from '../../messages/messages.ts';
import { attachFiles } from '../file-mutations.ts';
import { formatSize } from '../format-size.ts';
import { useFileList } from '../use-file-list.ts';
import type { ChangedFiles } from './file-dialog-props.ts';

interface AttachExistingDialogProps {
  placeId: string;
  list: ChangedFiles;
  onClose(): void;
}

/** Searches in all files that the viewer may see, and attaches the chosen ones to a place. */
export function AttachExistingDialog({ placeId, list, onClose }: AttachExistingDialogProps) {
  const client = useClient();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const found = useFileList({ filter: search ? { nameContains: search } : undefined });
  const texts = messages.files;
  return (
    <FormDialog
      title={texts.attachExisting}
      submit={format(texts.attachCount, { count: chosen.length })}
      isReady={chosen.length > 0}
      onClose={onClose}
      onSubmit={async () => {
        const { files, error } = await attachFiles(client, placeId, chosen);
        for (const file of files ?? []) list.insert(file);
        if (files) notifications.show({ message: format(texts.attached, { count: files.length }) });
        return error;
      }}
    >
      <SearchInput label={texts.search} onSearch={setSearch} />
      {found.error && <ErrorNotice error={found.error} onRetry={found.refetch} />}
      {found.isLoading && <Loader size="sm" aria-label={messages.loading} />}
      <Checkbox.Group label={texts.filesToAttach} value={chosen} onChange={setChosen}>
        <ScrollArea.Autosize mah={320} mt="xs" type="auto">
          <Stack gap="xs" pb="xs" pe="md">
            {found.files.map((file) => (
              <Checkbox
                key={file.id}
                value={file.id}
                label={<bdi>{file.name}</bdi>}
                description={`${formatSize(file.size)} · ${file.createdBy.displayName}`}
                styles={{ label: { overflowWrap: 'anywhere' } }}
              />
            ))}
          </Stack>
          <MoreButton list={found} />
        </ScrollArea.Autosize>
      </Checkbox.Group>
      {!found.isLoading && found.files.length === 0 && !found.error && <Text c="dimmed">{texts.nothingFound}</Text>}
    </FormDialog>
  );
}
