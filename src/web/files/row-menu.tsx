import { useCallback, useRef, useState } from 'react';
import type { FileRowFragment } from '../generated/graphql.ts';
import { format, messages } from '../messages/messages.ts';
import { type FileActionKind, type ListedPlace, permittedActions } from './file-actions.ts';
import classes from './row-menu.module.css';

interface RowMenuProps {
  file: FileRowFragment | undefined;
  place: ListedPlace | undefined;
  menuRef: React.RefObject<HTMLUListElement | null>;
  onDownload(file: FileRowFragment): void;
  onAction(kind: FileActionKind, file: FileRowFragment): void;
}

/**
 * The menu of the row whose button was pressed: one for the whole list, because a list may have
 * thousands of rows. It is a popover of the browser, which closes on Escape or a press elsewhere
 * and returns the focus.
 */
export function RowMenu({ file, place, menuRef, onDownload, onAction }: RowMenuProps) {
  const texts = messages.files;
  const choose = (act: (file: FileRowFragment) => void) => {
    menuRef.current?.hidePopover();
    if (file) act(file);
  };
  return (
    <ul
      ref={menuRef}
      popover="auto"
      className={classes.menu}
      aria-label={file && format(texts.actionsOf, { name: file.name })}
    >
      {file && (
        <>
          <li>
            <button type="button" className={classes.item} onClick={() => choose(onDownload)}>
              {texts.download}
            </button>
          </li>
          {permittedActions([file], place).map((kind) => (
            <li key={kind}>
              <button
                type="button"
                className={classes.item}
                data-dangerous={kind === 'remove' || undefined}
                onClick={() => choose((chosen) => onAction(kind, chosen))}
              >
                {texts.actions[kind]}
              </button>
            </li>
          ))}
        </>
      )}
    </ul>
  );
}

/** Which row has the menu, and how to open it at the button of a row. */
export function useRowMenu() {
  const menuRef = useRef<HTMLUListElement>(null);
  const [file, setFile] = useState<FileRowFragment>();
  const open = useCallback((chosen: FileRowFragment, button: HTMLElement) => {
    setFile(chosen);
    // After the items of this file are there, which decide how large it is.
    requestAnimationFrame(() => {
      const menu = menuRef.current;
      if (!menu) return;
      menu.showPopover();
      const at = button.getBoundingClientRect();
      const below = at.bottom + menu.offsetHeight <= window.innerHeight;
      menu.style.top = `${below ? at.bottom : Math.max(0, at.top - menu.offsetHeight)}px`;
      menu.style.left = `${Math.max(0, at.right - menu.offsetWidth)}px`;
      menu.querySelector('button')?.focus();
    });
  }, []);
  return { menuRef, file, open };
}
