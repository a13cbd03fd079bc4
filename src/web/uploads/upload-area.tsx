import { Button, CloseButton, Group, Paper, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCamera, IconFolderUp, IconUpload } from '@tabler/icons-react';
import { type ReactNode, useRef, useSyncExternalStore } from 'react';
import { format, messages } from '../messages/messages.ts';
import { filesOfInput } from './chosen-files.ts';
import classes from './upload-area.module.css';
import type { UploadTarget } from './upload-item.ts';
import { useUpload, useUploadQueue } from './uploads-provider.tsx';
import { useDropZone } from './use-drop-zone.ts';

/**
 * The ways to upload to a place: files and folders that are dropped or chosen, pasted ones, and the
 * camera. Show it where the viewer may attach files; there is one in a view.
 */
export function UploadArea({ target }: { target: UploadTarget }) {
  const texts = messages.uploads;
  const upload = useUpload();
  const isOver = useDropZone((chosen) => upload(chosen, target));
  const isPhone = useMediaQuery('(pointer: coarse)');
  const take = (files: FileList) => upload(filesOfInput(files), target);
  return (
    <>
      <Group gap="xs">
        <ChooseButton onChoose={take} icon={<IconUpload size={16} />} label={texts.chooseFiles} isPrimary />
        <ChooseButton onChoose={take} icon={<IconFolderUp size={16} />} label={texts.chooseFolder} isFolder />
        {isPhone && <ChooseButton onChoose={take} icon={<IconCamera size={16} />} label={texts.takePhoto} isCamera />}
        <Text size="sm" c="dimmed" visibleFrom="sm">
          {texts.hint}
        </Text>
      </Group>
      {target.on && <InterruptedUploads on={target.on} />}
      {isOver && (
        <div className={classes.overlay}>
          <div>{format(texts.drop, { place: target.label })}</div>
        </div>
      )}
    </>
  );
}

interface ChooseButtonProps {
  label: string;
  icon?: ReactNode;
  onChoose(files: FileList): void;
  isPrimary?: boolean;
  isFolder?: boolean;
  isCamera?: boolean;
  /** One file instead of any number. */
  isSingle?: boolean;
}

/** A button that opens the browser's dialog for files. */
export function ChooseButton({ label, icon, onChoose, isPrimary, isFolder, isCamera, isSingle }: ChooseButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        size="compact-md"
        variant={isPrimary ? 'filled' : 'default'}
        leftSection={icon}
        data-shortcut={isPrimary && 'upload'}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        multiple={!isSingle}
        {...(isFolder ? { webkitdirectory: '' } : {})}
        {...(isCamera ? { accept: 'image/*', capture: 'environment' as const } : {})}
        onChange={({ currentTarget }) => {
          if (currentTarget.files?.length) onChoose(currentTarget.files);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}

/** Names the uploads that stopped when the page was left: their files have to be chosen again. */
function InterruptedUploads({ on }: { on: string }) {
  const queue = useUploadQueue();
  useSyncExternalStore(queue.subscribe, queue.snapshot);
  const texts = messages.uploads.interrupted;
  const interrupted = queue.interruptedOn(on);
  if (interrupted.length === 0) return null;
  return (
    <Paper withBorder p="sm" mt="xs">
      <Text size="sm" fw={600}>
        {texts.title}
      </Text>
      {interrupted.map(({ fingerprint, name }) => (
        <Group key={fingerprint} gap="xs" wrap="nowrap">
          <CloseButton
            size="sm"
            aria-label={format(texts.discard, { name })}
            onClick={() => queue.discardInterrupted(fingerprint)}
          />
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <bdi>{name}</bdi>
          </Text>
        </Group>
      ))}
      <Text size="sm">{texts.help}</Text>
    </Paper>
  );
}
