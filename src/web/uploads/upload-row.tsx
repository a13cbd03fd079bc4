import { ActionIcon, Progress, Text } from '@mantine/core';
import { IconCheck, IconPlayerPause, IconPlayerPlay, IconRefresh, IconX } from '@tabler/icons-react';
import { type CSSProperties, memo, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { format, messages } from '../messages/messages.ts';
import { percentOf } from './format-progress.ts';
import type { UploadItem, UploadTarget } from './upload-item.ts';
import classes from './upload-panel.module.css';
import type { UploadQueue } from './upload-queue.ts';
import { describeItem } from './upload-texts.ts';

interface UploadRowProps {
  item: UploadItem;
  queue: UploadQueue;
  style: CSSProperties;
  position: number;
  count: number;
}

/** One upload: its name, its state in words, and what can be done with it. */
export const UploadRow = memo(function UploadRow({ item, queue, style, position, count }: UploadRowProps) {
  const now = useNow(item.state === 'waiting');
  const texts = messages.uploads.row;
  const { id, name, path, state } = item;
  const isFailed = state === 'failed';
  const isMoving = state === 'uploading' || state === 'waiting' || state === 'paused';
  return (
    <li className={classes.row} style={style} aria-posinset={position} aria-setsize={count}>
      <div className={classes.text}>
        <div className={classes.name} title={path}>
          <bdi>{name}</bdi>
        </div>
        {isMoving && (
          <Progress.Root size="xs" my={2}>
            <Progress.Section
              value={percentOf(item.sentBytes, item.size)}
              color={state === 'uploading' ? 'indigo' : 'var(--mantine-color-dimmed)'}
              aria-label={format(texts.progress, { name })}
            />
          </Progress.Root>
        )}
        <Text size="xs" c={isFailed ? 'var(--mantine-color-error)' : 'dimmed'} className={classes.problem}>
          {describeItem(item, now)}
        </Text>
        <Destination target={item.target} />
      </div>
      {item.canPause && (state === 'uploading' || state === 'queued') && (
        <RowButton
          label={format(texts.pause, { name })}
          onClick={() => queue.pause(id)}
          icon={<IconPlayerPause size={18} />}
        />
      )}
      {state === 'paused' && (
        <RowButton
          label={format(texts.resume, { name })}
          onClick={() => queue.resume(id)}
          icon={<IconPlayerPlay size={18} />}
        />
      )}
      {(isFailed || state === 'waiting') && (
        <RowButton
          label={format(texts.retry, { name })}
          onClick={() => queue.resume(id)}
          icon={<IconRefresh size={18} />}
        />
      )}
      {state === 'done' ? (
        <IconCheck size={18} color="var(--mantine-color-green-text)" aria-hidden />
      ) : (
        <RowButton
          label={format(isFailed ? texts.dismiss : texts.cancel, { name })}
          onClick={() => queue.cancel(id)}
          icon={<IconX size={18} />}
        />
      )}
    </li>
  );
});

/** Where a file goes, with a link to it. */
function Destination({ target: { on, parentId, label } }: { target: UploadTarget }) {
  const texts = messages.uploads.row;
  return (
    <Link href={`/${on ?? parentId}`} className={classes.target} title={label}>
      <bdi>{format(on ? texts.to : texts.as, { target: label })}</bdi>
    </Link>
  );
}

function RowButton({ label, icon, onClick }: { label: string; icon: React.ReactElement; onClick(): void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size="md" aria-label={label} title={label} onClick={onClick}>
      {icon}
    </ActionIcon>
  );
}

/** The time now, each second while `isTicking`. */
function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
