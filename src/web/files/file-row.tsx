import { Checkbox, Group, Text } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { FileRowFragment } from '../generated/graphql.ts';
import { format, messages } from '../messages/messages.ts';
import { FileIcon } from './file-icon.tsx';
import classes from './file-list.module.css';
import { formatSize } from './format-size.ts';
import { RelativeTime } from './relative-time.tsx';
import { ReviewBadge } from './review-badge.tsx';

interface FileRowProps {
  file: FileRowFragment;
  isSelected: boolean;
  onSelect(id: string, isSelected: boolean): void;
  /** The menu of what can be done with the file. */
  menu?: ReactNode;
}

/** A file in a list. On narrow screens, size, uploader and time are below its name. */
export const FileRow = memo(function FileRow({ file, isSelected, onSelect, menu }: FileRowProps) {
  const texts = messages.files;
  const who = file.createdBy.displayName;
  return (
    <tr className={classes.row} data-selected={isSelected || undefined} data-file={file.id}>
      <td>
        <Checkbox
          aria-label={format(texts.select, { name: file.name })}
          checked={isSelected}
          onChange={(event) => onSelect(file.id, event.currentTarget.checked)}
          size="xs"
        />
      </td>
      <td>
        <div className={classes.name}>
          <FileIcon file={file} />
          <div className={classes.text}>
            <Link href={`/${file.id}`} className={classes.link} title={file.name}>
              {file.name}
            </Link>
            <Group gap={6} className={classes.details}>
              {file.version > 1 && <span>{format(texts.version, { version: file.version })}</span>}
              <ReviewBadge status={file.status} />
              {!file.available && <span>{texts.unavailable}</span>}
              <span className={classes.narrow}>
                {formatSize(file.size)} · <bdi>{who}</bdi> · <RelativeTime at={file.createdAt} />
              </span>
            </Group>
          </div>
        </div>
      </td>
      <td className={classes.wide}>
        <Text size="sm">{formatSize(file.size)}</Text>
      </td>
      <td className={classes.wide}>
        <Text size="sm" truncate>
          <bdi>{who}</bdi>
        </Text>
        <Text size="xs" c="dimmed">
          <RelativeTime at={file.createdAt} />
        </Text>
      </td>
      <td>{menu}</td>
    </tr>
  );
});
