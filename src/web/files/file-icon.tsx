import {
  IconFile,
  IconFileMusic,
  IconFileText,
  IconFileTypePdf,
  IconFileZip,
  IconMovie,
  IconPhoto,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { FileRowFragment } from '../generated/graphql.ts';
import classes from './file-list.module.css';
import { fileUrl } from './file-url.ts';

function iconOf(contentType: string) {
  if (contentType.startsWith('image/')) return IconPhoto;
  if (contentType.startsWith('video/')) return IconMovie;
  if (contentType.startsWith('audio/')) return IconFileMusic;
  if (contentType === 'application/pdf') return IconFileTypePdf;
  if (/zip|gzip|x-tar|compressed|7z|rar/.test(contentType)) return IconFileZip;
  if (contentType.startsWith('text/') || /json|xml|document|sheet/.test(contentType)) return IconFileText;
  return IconFile;
}

/** The thumbnail of a file, or an icon of its type where it has none. */
export function FileIcon({ file }: { file: Pick<FileRowFragment, 'contentType' | 'thumbnailUrl'> }) {
  const [isBroken, setIsBroken] = useState(false);
  const Icon = iconOf(file.contentType);
  return (
    <span className={classes.icon}>
      {file.thumbnailUrl && !isBroken ? (
        <img src={fileUrl(file.thumbnailUrl)} alt="" loading="lazy" onError={() => setIsBroken(true)} />
      ) : (
        <Icon size={22} stroke={1.5} aria-hidden />
      )}
    </span>
  );
}
