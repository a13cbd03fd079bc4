import { useEffect, useState } from 'react';

/** What opened the dialog that is open, or the first of dialogs that followed each other. */
let opener: HTMLElement | undefined;
/** What is around it, from the inside, for when it is gone itself: as the row of a removed file. */
let around: HTMLElement[] = [];

/** Returns the focus, when a dialog is gone, to what opened it. */
export function useReturnFocus(): void {
  const [returnTo] = useState(() => {
    const { activeElement } = document;
    const isOpener = activeElement instanceof HTMLElement && activeElement !== document.body;
    if (isOpener && !activeElement.closest('[role="dialog"]')) {
      opener = activeElement;
      around = containersOf(activeElement);
    }
    return opener && [opener, ...around];
  });
  useEffect(
    () => () => {
      // Not when another dialog, or what the dialog led to, has the focus by now.
      if (document.activeElement !== document.body) return;
      const target = returnTo?.find(({ isConnected }) => isConnected);
      if (target && target !== returnTo?.[0]) target.tabIndex = -1;
      target?.focus();
    },
    [returnTo],
  );
}

function containersOf(element: HTMLElement): HTMLElement[] {
  const container = element.parentElement?.closest<HTMLElement>('table, ul:not([popover]), section, main');
  return container ? [container, ...containersOf(container)] : [];
}
