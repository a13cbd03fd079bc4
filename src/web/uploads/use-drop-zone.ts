import { useEffect, useRef, useState } from 'react';
import { type Chosen, filesOfDrop, filesOfPaste, hasFiles } from './chosen-files.ts';

/**
 * Takes files that are dropped or pasted anywhere on the page. Returns whether files are dragged
 * over it now.
 */
export function useDropZone(take: (chosen: Chosen) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    // Every element that the pointer enters and leaves reports it.
    let depth = 0;
    const show = (change: number) => {
      depth = Math.max(0, depth + change);
      setIsOver(depth > 0);
    };
    const enter = (event: DragEvent) => hasFiles(event.dataTransfer) && show(1);
    const leave = (event: DragEvent) => hasFiles(event.dataTransfer) && show(-1);
    const over = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer) || isInDialog(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const drop = (event: DragEvent) => {
      show(-depth);
      if (!event.dataTransfer || !hasFiles(event.dataTransfer) || isInDialog(event)) return;
      event.preventDefault();
      filesOfDrop(event.dataTransfer).then((chosen) => latest.current(chosen));
    };
    const paste = (event: ClipboardEvent) => {
      if (isInDialog(event)) return;
      const chosen = filesOfPaste(event);
      if (chosen.files.length === 0) return;
      event.preventDefault();
      latest.current(chosen);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: over, drop, paste };
    for (const [type, listener] of Object.entries(listeners)) document.addEventListener(type, listener as never);
    return () => {
      for (const [type, listener] of Object.entries(listeners)) document.removeEventListener(type, listener as never);
    };
  }, []);
  return isOver;
}

const isInDialog = ({ target }: Event) => target instanceof Element && target.closest('[role="dialog"]') !== null;
