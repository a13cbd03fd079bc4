import { Checkbox, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Suspense, useCallback, useMemo, useState } from 'react';
import { useClient } from 'urql';
import { ErrorNotice } from '../app/error-notice.tsx';
import { lazy } from '../app/lazy.tsx';
import { Loading } from '../app/loading.tsx';
import { MoreButton } from '../app/more-button.tsx';
import type { FileRowFragment } from '../generated/graphql.ts';
import { messages } from '../messages/messages.ts';
import { downloadChosenZip, downloadFiles } from './download.ts';
import type { FileAction, FileActionKind, ListedPlace } from './file-actions.ts';
import classes from './file-list.module.css';
import { FileRow } from './file-row.tsx';
import { RowMenu, useRowMenu } from './row-menu.tsx';
import { SelectionBar } from './selection-bar.tsx';
import type { FileListState } from './use-file-list.ts';

const FileActionDialog = lazy(
  () => import('./dialogs/file-action-dialog.tsx'),
  (module) => module.FileActionDialog,
);

interface FileListProps {
  list: FileListState;
  /** What is listed, for screen readers. */
  label: string;
  /** The place whose files are listed; none in a list of all files. */
  place?: ListedPlace | undefined;
  /** Shown when there is no file. */
  none?: string;
}

/** A table of files, what can be done with the selected ones, and a button that loads more. */
export function FileList({ list, label, place, none = messages.files.none }: FileListProps) {
  const client = useClient();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [action, setAction] = useState<FileAction>();
  const menu = useRowMenu();
  const select = useCallback((id: string, isSelected: boolean) => {
    setSelected((before) => withChange(before, id, isSelected));
  }, []);
  const chosen = useMemo(() => list.files.filter(({ id }) => selected.has(id)), [list.files, selected]);

  async function download(files: readonly FileRowFragment[], save = downloadFiles) {
    const ids = files.map(({ id }) => id);
    const message = await save(client, ids);
    if (message) notifications.show({ color: 'red', message, autoClose: false });
  }
  const act = (kind: FileActionKind, files: readonly FileRowFragment[]) => setAction({ kind, files });

  if (list.isLoading) return <Loading />;
  return (
    <>
      {list.error && <ErrorNotice error={list.error} onRetry={list.refetch} />}
      {list.files.length === 0 && !list.error && <Text c="dimmed">{none}</Text>}
      {chosen.length > 0 && (
        <SelectionBar
          files={chosen}
          place={place}
          onDownload={(files) => download(files)}
          onDownloadZip={(files) => download(files, downloadChosenZip)}
          onAction={act}
          onClear={() => setSelected(new Set())}
        />
      )}
      {list.files.length > 0 && (
        <table className={classes.table} aria-label={label}>
          <FileListHead
            count={list.files.length}
            selected={chosen.length}
            onSelectAll={(isSelected) => setSelected(new Set(isSelected ? list.files.map(({ id }) => id) : []))}
          />
          <tbody>
            {list.files.map((file) => (
              <FileRow
                key={file.id}
                file={file}
                isSelected={selected.has(file.id)}
                onSelect={select}
                onMenu={menu.open}
              />
            ))}
          </tbody>
        </table>
      )}
      <MoreButton list={list} />
      <RowMenu
        file={menu.file}
        place={place}
        menuRef={menu.menuRef}
        onDownload={(file) => download([file])}
        onAction={(kind, file) => act(kind, [file])}
      />
      {action && (
        <Suspense>
          <FileActionDialog action={action} placeId={place?.id} list={list} onClose={() => setAction(undefined)} />
        </Suspense>
      )}
    </>
  );
}

function withChange(before: ReadonlySet<string>, id: string, isSelected: boolean): ReadonlySet<string> {
  const next = new Set(before);
  if (isSelected) next.add(id);
  else next.delete(id);
  return next;
}

interface FileListHeadProps {
  count: number;
  selected: number;
  onSelectAll(isSelected: boolean): void;
}

function FileListHead({ count, selected, onSelectAll }: FileListHeadProps) {
  const texts = messages.files;
  return (
    <thead>
      <tr>
        <td className={classes.select}>
          <Checkbox
            aria-label={texts.selectAll}
            checked={selected === count}
            indeterminate={selected > 0 && selected < count}
            onChange={(event) => onSelectAll(event.currentTarget.checked)}
            size="xs"
          />
        </td>
        <th scope="col">{texts.name}</th>
        <th scope="col" className={`${classes.size} ${classes.wide}`}>
          {texts.sizeColumn}
        </th>
        <th scope="col" className={`${classes.uploaded} ${classes.wide}`}>
          {texts.uploaded}
        </th>
        <td className={classes.menu} />
      </tr>
    </thead>
  );
}
