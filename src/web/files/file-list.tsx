import { Alert, Button, Checkbox, Group, Loader, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import { format, messages } from '../messages/messages.ts';
import classes from './file-list.module.css';
import { FileRow } from './file-row.tsx';
import type { FileListState } from './use-file-list.ts';

interface FileListProps {
  list: FileListState;
  /** What is listed, for screen readers. */
  label: string;
}

/** A table of files with a checkbox for each, and a button that loads more. */
export function FileList({ list, label }: FileListProps) {
  const texts = messages.files;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const select = useCallback((id: string, isSelected: boolean) => {
    setSelected((before) => {
      const next = new Set(before);
      if (isSelected) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);

  if (list.isLoading) return <Loader aria-label={messages.loading} />;
  const shown = list.files.filter(({ id }) => selected.has(id)).length;
  return (
    <>
      {list.error && (
        <Alert color="red" role="alert" mb="sm">
          <Text size="sm">{format(messages.failed, { message: list.error.message })}</Text>
          <Button size="compact-sm" variant="default" mt="xs" onClick={list.refetch}>
            {texts.tryAgain}
          </Button>
        </Alert>
      )}
      {list.files.length === 0 && !list.error && <Text c="dimmed">{texts.none}</Text>}
      {list.files.length > 0 && (
        <table className={classes.table} aria-label={label}>
          <thead>
            <tr>
              <th className={classes.select}>
                <Checkbox
                  aria-label={texts.selectAll}
                  checked={shown === list.files.length}
                  indeterminate={shown > 0 && shown < list.files.length}
                  onChange={(event) =>
                    setSelected(new Set(event.currentTarget.checked ? list.files.map(({ id }) => id) : []))
                  }
                  size="xs"
                />
              </th>
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
          <tbody>
            {list.files.map((file) => (
              <FileRow key={file.id} file={file} isSelected={selected.has(file.id)} onSelect={select} />
            ))}
          </tbody>
        </table>
      )}
      {list.hasMore && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={list.isLoadingMore} onClick={list.showMore}>
            {texts.showMore}
          </Button>
        </Group>
      )}
    </>
  );
}
