import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconPaperclip } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { useClient } from 'urql';
import { lazy } from '../app/lazy.tsx';
import { messages } from '../messages/messages.ts';
import { downloadZip } from './download.ts';
import type { ListedPlace } from './file-actions.ts';
import type { FileListState } from './use-file-list.ts';

const AttachExistingDialog = lazy(
  () => import('./dialogs/attach-existing-dialog.tsx'),
  (module) => module.AttachExistingDialog,
);

/** What can be done with all files of a place: attach stored ones, download all as ZIP. */
export function PlaceFilesBar({ place, list }: { place: ListedPlace; list: FileListState }) {
  const client = useClient();
  const [isAttaching, setIsAttaching] = useState(false);
  const [isDownloading, setIsDownloading] = useState(false);
  const texts = messages.files;

  async function download() {
    setIsDownloading(true);
    const message = await downloadZip(client, place.id);
    setIsDownloading(false);
    if (message) notifications.show({ color: 'red', message, autoClose: false });
  }

  return (
    <Group gap="xs">
      {place.viewerCanAttach && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPaperclip size={16} aria-hidden />}
          onClick={() => setIsAttaching(true)}
        >
          {texts.attachExisting}
        </Button>
      )}
      {list.files.length > 0 && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={isDownloading}
          onClick={download}
        >
          {texts.downloadAll}
        </Button>
      )}
      {isAttaching && (
        <Suspense>
          <AttachExistingDialog placeId={place.id} list={list} onClose={() => setIsAttaching(false)} />
        </Suspense>
      )}
    </Group>
  );
}
