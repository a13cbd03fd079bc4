import { ActionIcon, Button, Group, Progress, Text, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { messages } from '../messages/messages.ts';
import { percentOf } from './format-progress.ts';
import { isUnfinished, type QueueSnapshot, type UploadState } from './upload-item.ts';
import classes from './upload-panel.module.css';
import type { UploadQueue } from './upload-queue.ts';
import { UploadRow } from './upload-row.tsx';
import { announce, describeQueue } from './upload-texts.ts';
import { usePanelOpen } from './use-panel-open.ts';

/** The heights of rows, in pixels: known, so that only those in sight are rendered. */
const ROW_HEIGHT = 80;
const TALL_HEIGHT = 112;
/** Rows that are rendered: those in sight, and some before and after. */
const MAX_SHOWN = 14;
const OVERSCAN = 3;

/** The uploads of the user, at the bottom of every view, while there are any. */
export function UploadPanel({ queue }: { queue: UploadQueue }) {
  const snapshot = useSyncExternalStore(queue.subscribe, queue.snapshot);
  const panel = useRef<HTMLElement>(null);
  const { isOpen, toggle } = usePanelOpen(panel, snapshot);
  const heading = useRef<HTMLDivElement>(null);
  const texts = messages.uploads;
  const { items, counts, sentBytes, totalBytes } = snapshot;
  const isRunning = items.some(isUnfinished);
  useKeptFocus(heading, items.length);
  return (
    <>
      {/* Exists before its text does: screen readers miss a region that appears with its text. */}
      <VisuallyHidden role="status" aria-live="polite">
        {items.length > 0 && announce(snapshot)}
      </VisuallyHidden>
      {items.length > 0 && (
        <section ref={panel} className={classes.panel} aria-label={texts.title}>
          <div className={classes.header} ref={heading} tabIndex={-1}>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="sm" fw={600}>
                {describeQueue(snapshot)}
              </Text>
              <Group gap={4} wrap="nowrap">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-expanded={isOpen}
                  aria-label={isOpen ? texts.collapse : texts.expand}
                  onClick={toggle}
                >
                  {isOpen ? <IconChevronDown size={18} /> : <IconChevronUp size={18} />}
                </ActionIcon>
                {!isRunning && (
                  <ActionIcon variant="subtle" color="gray" aria-label={texts.close} onClick={() => queue.clear()}>
                    <IconX size={18} />
                  </ActionIcon>
                )}
              </Group>
            </Group>
            {isRunning && (
              <Progress.Root size="sm" mt={6}>
                <Progress.Section value={percentOf(sentBytes, totalBytes)} aria-label={texts.progress} />
              </Progress.Root>
            )}
            {isOpen && <PanelButtons queue={queue} counts={counts} />}
          </div>
          {isOpen && <UploadRows queue={queue} snapshot={snapshot} />}
        </section>
      )}
    </>
  );
}

function PanelButtons({ queue, counts }: { queue: UploadQueue; counts: QueueSnapshot['counts'] }) {
  const texts = messages.uploads;
  const { uploading, queued, waiting, paused, failed, done } = counts;
  const isRunning = uploading + queued + waiting > 0;
  const buttons: [boolean, string, () => void][] = [
    [isRunning, texts.pauseAll, () => queue.pauseAll()],
    [paused > 0, texts.resumeAll, () => queue.resumeAll()],
    [failed > 0, texts.retryFailed, () => queue.retryFailed()],
    [isRunning || paused > 0, texts.cancelAll, () => queue.cancelAll()],
    [done > 0, texts.clearFinished, () => queue.clearFinished()],
  ];
  return (
    <Group gap="xs" mt={6}>
      {buttons.map(
        ([isShown, label, onClick]) =>
          isShown && (
            <Button key={label} size="compact-xs" variant="default" onClick={onClick}>
              {label}
            </Button>
          ),
      )}
    </Group>
  );
}

/** What moves or needs the user comes first, what is done last. */
const ORDER: UploadState[] = ['failed', 'waiting', 'uploading', 'paused', 'queued', 'done'];

function UploadRows({ queue, snapshot }: { queue: UploadQueue; snapshot: QueueSnapshot }) {
  const [scrollTop, setScrollTop] = useState(0);
  const { items, counts } = snapshot;
  const ordered = ORDER.flatMap((state) => items.filter((item) => item.state === state));
  // These explain themselves in more than one line.
  const tall = counts.failed + counts.waiting;
  const topOf = (index: number) => Math.min(index, tall) * TALL_HEIGHT + Math.max(0, index - tall) * ROW_HEIGHT;
  const first = ordered.findIndex((_, index) => topOf(index + OVERSCAN) > scrollTop);
  const shown = first < 0 ? [] : ordered.slice(first, first + MAX_SHOWN);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls can be reached by keyboard
    <div className={classes.rows} tabIndex={0} onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}>
      <ul className={classes.spacer} style={{ height: topOf(ordered.length) }}>
        {shown.map((item, index) => (
          <UploadRow
            key={item.id}
            item={item}
            queue={queue}
            style={{ top: topOf(first + index), height: topOf(first + index + 1) - topOf(first + index) }}
            position={first + index + 1}
            count={ordered.length}
          />
        ))}
      </ul>
    </div>
  );
}

/** The focus would be lost with the button of a row that disappears: it goes to the panel. */
function useKeptFocus(heading: React.RefObject<HTMLDivElement | null>, count: number): void {
  const before = useRef(count);
  useEffect(() => {
    const isFewer = count < before.current;
    before.current = count;
    if (isFewer && document.activeElement === document.body) heading.current?.focus();
  }, [count, heading]);
}
