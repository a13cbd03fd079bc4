import { VisuallyHidden } from '@mantine/core';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { useEffect, useRef, useState } from 'react';
import { format, messages } from '../../messages/messages.ts';
import classes from './preview.module.css';

/** How far from the viewport a page is drawn. */
const MARGIN = '400px';
/** Pixels of one canvas: a page of any size takes at most about 32 MiB. */
const MAX_PIXELS = 8_000_000;

/** A page of a PDF, which is drawn when it comes near the viewport; its text is for screen readers. */
export function PdfPage({ pdf, number }: { pdf: PDFDocumentProxy; number: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isNear, setIsNear] = useState(false);
  const [text, setText] = useState('');

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new IntersectionObserver(([entry]) => setIsNear(entry?.isIntersecting ?? false), {
      rootMargin: MARGIN,
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    if (!isNear || !element) return;
    let isGone = false;
    let stop = () => {};
    (async () => {
      const page = await pdf.getPage(number);
      if (isGone) return;
      const task = draw(page, element);
      stop = () => task.cancel();
      await task.promise;
      const { items } = await page.getTextContent();
      if (!isGone) setText(items.map((item) => ('str' in item ? item.str : '')).join(' '));
    })().catch(() => {}); // a page that cannot be drawn stays empty
    return () => {
      isGone = true;
      stop();
      // Gives the memory of pages back that are far away; the place stays.
      element.width = 0;
    };
  }, [pdf, number, isNear]);

  const label = format(messages.preview.page, { number });
  return (
    <div className={classes.page}>
      <canvas ref={canvas} className={classes.canvas} role="img" aria-label={label} />
      <VisuallyHidden>{text}</VisuallyHidden>
    </div>
  );
}

function draw(page: PDFPageProxy, canvas: HTMLCanvasElement) {
  const natural = page.getViewport({ scale: 1 });
  const wanted = (canvas.clientWidth * window.devicePixelRatio) / natural.width;
  const largest = Math.sqrt(MAX_PIXELS / (natural.width * natural.height));
  const viewport = page.getViewport({ scale: Math.min(wanted, largest) });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  canvas.style.aspectRatio = `${viewport.width} / ${viewport.height}`;
  return page.render({ canvas, viewport });
}
