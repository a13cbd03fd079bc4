import { Checkbox, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { memo } from 'react';
import { Link } from 'wouter';
import type { FileRowFragment } from '../generated/graphql.ts';
import { format, messages } from '../messages/messages.ts';
import { FileIcon } from './file-icon.tsx';
import classes from './file-list.module.css';
import { formatSize } from './format-size.ts';
import { RelativeTime } from './relative-time.tsx';
import { ReviewBadge } from './review-badge.tsx';
import menuClasses from './row-menu.module.css';

interface FileRowProps {
  file: FileRowFragment;
  isSelected: boolean;
  onSelect(id: string, isSelected: boolean): void;
  /** Opens the menu of what can be done with the file, at its button. */
  onMenu(file: FileRowFragment, button: HTMLElement): void;
}

/** A file in a list. On narrow screens, size, uploader and time are below its name. */
export const FileRow = memo(function FileRow({ file, isSelected, onSelect, onMenu }: FileRowProps) {
  const texts = messages.files;
  const who = file.createdBy.displayName;
  const hasDetails = file.version > 1 || file.status || !file.available;
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
            <Link href={`/${file.id}`} data-row className={classes.link} title={file.name}>
              {file.name}
            </Link>
            {hasDetails && (
              <div className={classes.details}>
                {file.version > 1 && <span>{format(texts.version, { version: file.version })}</span>}
                <ReviewBadge status={file.status} />
                {!file.available && <span>{texts.unavailable}</span>}
              </div>
            )}
            <div className={`${classes.details} ${classes.narrow}`}>
              <span className={classes.line}>
                {formatSize(file.size)} · <bdi>{who}</bdi> · <RelativeTime at={file.createdAt} />
              </span>
            </div>
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
      <td>
        <button
          type="button"
          className={menuClasses.button}
          aria-label={format(texts.actionsOf, { name: file.name })}
          // The menu changes it in the document: a list has thousands of rows.
          aria-expanded={false}
          onClick={(event) => onMenu(file, event.currentTarget)}
        >
          <IconDots size={18} aria-hidden />
        </button>
      </td>
    </tr>
  );
});
