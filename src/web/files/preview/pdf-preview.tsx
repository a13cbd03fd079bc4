import { Text } from '@mantine/core';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useState } from 'react';
import { Loading } from '../../app/loading.tsx';
import { format, messages } from '../../messages/messages.ts';
import { openPdf } from './open-pdf.ts';
import { PdfPage } from './pdf-page.tsx';
import classes from './preview.module.css';

/** Pages of one step: their places take memory even before they are drawn. */
const STEP = 100;

interface PdfPreviewProps {
  url: string;
  label: string;
  onError(): void;
}

/** The pages of a PDF as pictures. Scripts, forms and links of the document do nothing. */
export function PdfPreview({ url, label, onError }: PdfPreviewProps) {
  const [pdf, setPdf] = useState<PDFDocumentProxy>();
  const [shown, setShown] = useState(STEP);
  useEffect(() => {
    const opening = openPdf(url);
    opening.promise.then(setPdf, () => {
      if (!opening.destroyed) onError();
    });
    return () => {
      opening.destroy();
    };
  }, [url, onError]);

  if (!pdf) return <Loading m="md" />;
  const pages = Array.from({ length: Math.min(pdf.numPages, shown) }, (_, index) => index + 1);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach it
    <section className={classes.pages} aria-label={label} tabIndex={0}>
      {pages.map((number) => (
        <PdfPage key={number} pdf={pdf} number={number} />
      ))}
      {shown < pdf.numPages && (
        <button type="button" onClick={() => setShown(shown + STEP)}>
          {messages.showMore}
        </button>
      )}
      <Text size="xs" c="dimmed">
        {format(messages.preview.pages, { count: pdf.numPages })}
      </Text>
    </section>
  );
}
