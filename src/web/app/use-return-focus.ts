import { useEffect, useState } from 'react';

/** What opened the dialog that is open, or the first of dialogs that followed each other. */
let opener: HTMLElement | undefined;

/** Returns the focus, when a dialog is gone, to what opened it. */
export function useReturnFocus(): void {
  const [returnTo] = useState(() => {
    const { activeElement } = document;
    const isOpener = activeElement instanceof HTMLElement && activeElement !== document.body;
    if (isOpener && !activeElement.closest('[role="dialog"]')) opener = activeElement;
    return opener;
  });
  useEffect(
    () => () => {
      // Not when another dialog, or what the dialog led to, has the focus by now.
      if (document.activeElement === document.body) returnTo?.focus();
    },
    [returnTo],
  );
}
