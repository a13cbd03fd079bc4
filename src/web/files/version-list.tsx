import { ActionIcon, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconTrash } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { useClient } from 'urql';
import { Link, useLocation } from 'wouter';
import { lazy } from '../app/lazy.tsx';
import { format, messages } from '../messages/messages.ts';
import { downloadFiles } from './download.ts';
import type { FileDetails } from './file-query.ts';
import classes from './file-view.module.css';
import { formatSize } from './format-size.ts';
import { RelativeTime } from './relative-time.tsx';
import { ReviewBadge } from './review-badge.tsx';

const RemoveVersionDialog = lazy(
  () => import('./dialogs/remove-version-dialog.tsx'),
  (module) => module.RemoveVersionDialog,
);

type Version = FileDetails['versions'][number];

/** All versions of a file, newest first: each can be opened, downloaded and removed. */
export function VersionList({ file, onChange }: { file: FileDetails; onChange(): void }) {
  const client = useClient();
  const [, navigate] = useLocation();
  const [removing, setRemoving] = useState<Version>();
  const texts = messages.files;

  async function download(id: string) {
    const message = await downloadFiles(client, [id]);
    if (message) notifications.show({ color: 'red', message, autoClose: false });
  }

  /** After the removal of the version that is shown, the view shows another one. */
  function onRemoved(id: string) {
    const next = file.versions.find((version) => version.id !== id);
    if (id !== file.id) onChange();
    else navigate(next ? `/${next.id}` : '/files');
  }

  return (
    <section aria-label={texts.versions}>
      <Title order={3} size="h5" mb="xs">
        {texts.versions}
      </Title>
      <ul className={classes.list}>
        {file.versions.map((version) => (
          <li key={version.id} className={classes.version} data-current={version.id === file.id || undefined}>
            <div className={classes.versionText}>
              <Link href={`/${version.id}`} aria-current={version.id === file.id ? 'page' : undefined}>
                {format(texts.versionNumber, { version: version.version })}
              </Link>{' '}
              <ReviewBadge status={version.status} />
              <div className={classes.dimmed}>
                {formatSize(version.size)} · <bdi>{version.createdBy.displayName}</bdi> ·{' '}
                <RelativeTime at={version.createdAt} />
              </div>
            </div>
            <ActionIcon
              variant="default"
              aria-label={format(texts.downloadVersion, { version: version.version })}
              onClick={() => download(version.id)}
            >
              <IconDownload size={16} aria-hidden />
            </ActionIcon>
            {version.canRemove && file.versions.length > 1 && (
              <ActionIcon
                variant="default"
                aria-label={format(texts.removeVersion, { version: version.version })}
                onClick={() => setRemoving(version)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {removing && (
        <Suspense>
          <RemoveVersionDialog
            version={removing}
            onRemoved={() => onRemoved(removing.id)}
            onClose={() => setRemoving(undefined)}
          />
        </Suspense>
      )}
    </section>
  );
}
