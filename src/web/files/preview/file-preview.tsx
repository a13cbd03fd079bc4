import { Center, Stack, Text } from '@mantine/core';
import { Suspense, useCallback, useState } from 'react';
import { lazy } from '../../app/lazy.tsx';
import { Loading } from '../../app/loading.tsx';
import { format, messages } from '../../messages/messages.ts';
import type { FileDetails } from '../file-query.ts';
import { fileUrl } from '../file-url.ts';
import classes from './preview.module.css';
import { type PreviewKind, previewKindOf } from './preview-kind.ts';
import { TextPreview } from './text-preview.tsx';

const PdfPreview = lazy(
  () => import('./pdf-preview.tsx'),
  (module) => module.PdfPreview,
);

/** Images up to this size are shown as they are; larger ones as the server scales them. */
const MAX_ORIGINAL = 2 * 1024 * 1024;

/**
 * The content of a file, where browsers can show it. It stays what it was first: with each answer
 * of the server a file has new links, with which a film would begin again.
 */
export function FilePreview({ file: latest }: { file: FileDetails }) {
  const [file] = useState(latest);
  const [isBroken, setIsBroken] = useState(false);
  const onError = useCallback(() => setIsBroken(true), []);
  const kind = previewKindOf(file.contentType);
  const texts = messages.preview;
  if (kind === 'none' || isBroken)
    return (
      <Center className={classes.frame} mih={160}>
        <Text c="dimmed">{isBroken ? texts.failed : texts.none}</Text>
      </Center>
    );
  return (
    <div className={classes.frame} data-kind={kind}>
      <Suspense fallback={<Loading m="md" />}>
        <Content file={file} kind={kind} onError={onError} />
      </Suspense>
    </div>
  );
}

interface ContentProps {
  file: FileDetails;
  kind: Exclude<PreviewKind, 'none'>;
  onError(): void;
}

function Content({ file, kind, onError }: ContentProps) {
  const url = fileUrl(file.url);
  const label = format(messages.preview.of, { name: file.name });
  switch (kind) {
    case 'image':
      return <img className={classes.image} src={imageUrl(file)} alt={label} onError={onError} />;
    case 'audio':
      return (
        <Stack p="md">
          {/* biome-ignore lint/a11y/useMediaCaption: a file of a user has no captions */}
          <audio className={classes.audio} src={url} controls preload="metadata" aria-label={label} onError={onError} />
        </Stack>
      );
    case 'video':
      return (
        // biome-ignore lint/a11y/useMediaCaption: a file of a user has no captions
        <video className={classes.video} src={url} controls preload="metadata" aria-label={label} onError={onError} />
      );
    case 'pdf':
      return <PdfPreview url={url} label={label} onError={onError} />;
    case 'text':
      return <TextPreview url={url} size={file.size} charset={file.charset} label={label} onError={onError} />;
  }
}

/**
 * Animations are shown as they are; large images and formats of cameras as the server scales them.
 */
function imageUrl({ contentType, size, url, largeThumbnailUrl }: FileDetails): string {
  const isShown = /^image\/(png|jpeg|webp|gif|avif|bmp|svg\+xml|x-icon|vnd\.microsoft\.icon)$/.test(contentType);
  const isSmall = size <= MAX_ORIGINAL || contentType === 'image/gif';
  return fileUrl((!isShown || !isSmall) && largeThumbnailUrl ? largeThumbnailUrl : url);
}
