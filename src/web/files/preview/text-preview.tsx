import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Loading } from '../../app/loading.tsx';
import { format, messages } from '../../messages/messages.ts';
import { formatSize } from '../format-size.ts';
import classes from './preview.module.css';

/** The part of a text that is loaded. */
const SHOWN = 256 * 1024;

interface TextPreviewProps {
  url: string;
  size: number;
  charset: string | null;
  label: string;
  onError(): void;
}

/** The beginning of a text. It is shown as it is, whatever markup or script it contains. */
export function TextPreview({ url, size, charset, label, onError }: TextPreviewProps) {
  const [text, setText] = useState<string>();
  useEffect(() => {
    const abort = new AbortController();
    readStart(url, charset, abort.signal).then(setText, () => {
      if (!abort.signal.aborted) onError();
    });
    return () => abort.abort();
  }, [url, charset, onError]);

  if (text === undefined) return <Loading m="md" />;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it */}
      <section className={classes.scrolling} aria-label={label} tabIndex={0}>
        <pre className={classes.text}>{text}</pre>
      </section>
      {size > SHOWN && (
        <Text size="sm" c="dimmed" p="xs">
          {format(messages.preview.truncated, { shown: formatSize(SHOWN), size: formatSize(size) })}
        </Text>
      )}
    </>
  );
}

async function readStart(url: string, charset: string | null, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { headers: { range: `bytes=0-${SHOWN - 1}` }, signal });
  if (!response.ok) throw new Error(response.statusText);
  return decoderOf(charset).decode(await response.arrayBuffer());
}

/** Encodings that the browser does not know are read as UTF-8. */
function decoderOf(charset: string | null): TextDecoder {
  try {
    return new TextDecoder(charset ?? 'utf-8');
  } catch {
    return new TextDecoder();
  }
}
