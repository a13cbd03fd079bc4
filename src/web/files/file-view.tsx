import { Alert, Anchor, Breadcrumbs, Button, Group, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Suspense, useEffect, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { Link, useLocation } from 'wouter';
import { lazy } from '../app/lazy.tsx';
import { Loading } from '../app/loading.tsx';
import { NotFound, ViewError } from '../app/not-found.tsx';
import { useTitle } from '../app/use-title.ts';
import { useLiveFile } from '../live/use-live-files.ts';
import { messages } from '../messages/messages.ts';
import { NewVersionButton } from '../uploads/new-version-button.tsx';
import { downloadFiles } from './download.ts';
import { type FileActionKind, permittedActions } from './file-actions.ts';
import { FileDetailsPanel } from './file-details.tsx';
import { type FileDetails, fileQuery } from './file-query.ts';
import classes from './file-view.module.css';
import { FilePreview } from './preview/file-preview.tsx';
import { VersionList } from './version-list.tsx';

const FileActionDialog = lazy(
  () => import('./dialogs/file-action-dialog.tsx'),
  (module) => module.FileActionDialog,
);

/** One version of a file, by its id: its preview, what is known about it, and its versions. */
export function FileView({ fileId }: { fileId: string }) {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: fileQuery,
    variables: { id: fileId },
    requestPolicy: 'cache-and-network',
  });
  const reload = () => refetch({ requestPolicy: 'network-only' });
  if (error && !data?.file) return <ViewError error={error} missing={messages.files.missing} onRetry={reload} />;
  // The answer for the file before it stays until that for this one arrives.
  const isStale = fetching && data?.file?.id !== fileId;
  if (!data || isStale) return <Loading />;
  if (!data.file) return <NotFound text={messages.files.missing} />;
  return <FileContent key={data.file.id} file={data.file} onChange={reload} />;
}

function FileContent({ file, onChange }: { file: FileDetails; onChange(): void }) {
  useLiveFile(file, onChange);
  const [, navigate] = useLocation();
  const newest = file.versions[0];
  // An event may report the new version before the upload here has ended.
  const [wasNewest] = useState(newest?.id === file.id);
  const [isReplaced, setIsReplaced] = useState(false);
  useTitle(file.name);
  useEffect(() => {
    if (isReplaced && newest && newest.id !== file.id) navigate(`/${newest.id}`);
  }, [isReplaced, newest, file.id, navigate]);

  function openNewest() {
    setIsReplaced(true);
    onChange();
  }

  return (
    <Stack gap="md">
      <FileBreadcrumbs file={file} />
      <Title order={2} className={classes.title}>
        <bdi>{file.name}</bdi>
      </Title>
      <FileButtons file={file} onChange={onChange} />
      {newest && newest.id !== file.id && (
        <Alert color="yellow" className={classes.notice ?? ''}>
          {messages.files.olderVersion} <a href={`#/${newest.id}`}>{messages.files.openNewest}</a>
        </Alert>
      )}
      <div className={classes.columns}>
        <FilePreview key={file.id} file={file} />
        <Stack gap="lg">
          <FileDetailsPanel file={file} />
          <VersionList file={file} onChange={onChange} />
          {file.canEdit && wasNewest && <NewVersionButton fileId={file.id} name={file.name} onStored={openNewest} />}
        </Stack>
      </div>
    </Stack>
  );
}

/** The way back to what the file is attached to, or to all files. */
function FileBreadcrumbs({ file }: { file: FileDetails }) {
  const [around] = file.attachedTo;
  const { path, comment } = messages.places;
  const title = around && (around.__typename === 'Comment' ? comment : around.title);
  return (
    <nav aria-label={path}>
      <Breadcrumbs separatorMargin={6} style={{ flexWrap: 'wrap' }}>
        <Anchor component={Link} href={around ? `/${around.id}` : '/files'} size="sm" lh="sm" maw={240} truncate>
          <bdi>{title ?? messages.navigation.files}</bdi>
        </Anchor>
        <Text component="span" size="sm" lh="sm" aria-current="page" c="dimmed" maw={240} truncate>
          <bdi>{file.name}</bdi>
        </Text>
      </Breadcrumbs>
    </nav>
  );
}

function FileButtons({ file, onChange }: { file: FileDetails; onChange(): void }) {
  const client = useClient();
  const [, navigate] = useLocation();
  const [kind, setKind] = useState<FileActionKind>();
  const texts = messages.files;
  const [around, ...others] = file.attachedTo;
  // A link shows the newest version.
  const [newest] = file.versions;
  // With several places it would not be clear from which of them a file is moved or detached.
  const place = others.length === 0 ? around : undefined;
  // The review has its own field in the panel.
  const actions = permittedActions([file], place).filter((action) => action !== 'review');

  async function download() {
    const message = await downloadFiles(client, [file.id]);
    if (message) notifications.show({ color: 'red', message, autoClose: false });
  }

  return (
    <Group gap="xs">
      <Button size="compact-md" onClick={download}>
        {texts.download}
      </Button>
      {file.canEdit && (
        <Button component={Link} href={`/${newest?.id ?? file.id}/sharing`} variant="default" size="compact-md">
          {texts.share}
        </Button>
      )}
      {actions.map((action) => (
        <Button key={action} variant="default" size="compact-md" onClick={() => setKind(action)}>
          {texts.actions[action]}
        </Button>
      ))}
      {kind && (
        <Suspense>
          <FileActionDialog
            action={{ kind, files: [file] }}
            placeId={place?.id}
            list={{
              insert: onChange,
              // A file that is moved or detached stays, and is shown with where it is now.
              drop: () => kind === 'remove' && navigate(around ? `/${around.id}` : '/files'),
            }}
            onClose={() => {
              setKind(undefined);
              onChange();
            }}
          />
        </Suspense>
      )}
    </Group>
  );
}
