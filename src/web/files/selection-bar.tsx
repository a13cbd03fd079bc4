import { Button, Group, Text } from '@mantine/core';
import type { FileRowFragment } from '../generated/graphql.ts';
import { format, messages } from '../messages/messages.ts';
import { type FileActionKind, type ListedPlace, permittedActions } from './file-actions.ts';
import classes from './file-list.module.css';

/** Browsers ask before they download several files, and drop some of very many. */
const MAX_DOWNLOADS = 10;
/** The most files that the server puts into an archive of chosen ones. */
const MAX_ZIP_FILES = 500;

interface SelectionBarProps {
  files: readonly FileRowFragment[];
  place: ListedPlace | undefined;
  onDownload(files: readonly FileRowFragment[]): void;
  onDownloadZip(files: readonly FileRowFragment[]): void;
  onAction(kind: FileActionKind, files: readonly FileRowFragment[]): void;
  onClear(): void;
}

/** What can be done with the selected files. */
export function SelectionBar({ files, place, onDownload, onDownloadZip, onAction, onClear }: SelectionBarProps) {
  const texts = messages.files;
  return (
    <Group gap={6} className={classes.bar} role="toolbar" aria-label={texts.selection}>
      <Text size="sm" fw={500} aria-live="polite">
        {format(texts.selected, { count: files.length })}
      </Text>
      {files.length <= MAX_DOWNLOADS && (
        <Button size="compact-sm" variant="default" onClick={() => onDownload(files)}>
          {texts.download}
        </Button>
      )}
      {files.length > 1 && files.length <= MAX_ZIP_FILES && (
        <Button size="compact-sm" variant="default" onClick={() => onDownloadZip(files)}>
          {texts.downloadZip}
        </Button>
      )}
      {permittedActions(files, place).map((kind) => (
        <Button key={kind} size="compact-sm" variant="default" onClick={() => onAction(kind, files)}>
          {texts.actions[kind]}
        </Button>
      ))}
      <Button size="compact-sm" variant="default" onClick={onClear}>
        {texts.clearSelection}
      </Button>
    </Group>
  );
}
