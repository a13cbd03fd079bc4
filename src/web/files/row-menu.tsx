import { type KeyboardEvent, useCallback, useRef, useState } from 'react';
import { Link } from 'wouter';
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
 * and returns the focus. The arrow keys lead through it.
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
      onKeyDown={moveFocus}
      aria-label={file && format(texts.actionsOf, { name: file.name })}
    >
      {file && (
        <>
          <li>
            <button type="button" className={classes.item} onClick={() => choose(onDownload)}>
              {texts.download}
            </button>
          </li>
          {file.canEdit && (
            <li>
              <Link
                href={`/${file.id}/sharing`}
                className={classes.item}
                onClick={() => menuRef.current?.hidePopover()}
              >
                {texts.share}
              </Link>
            </li>
          )}
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

const STEPS: Record<string, (index: number, count: number) => number> = {
  ArrowDown: (index, count) => (index + 1) % count,
  ArrowUp: (index, count) => (index - 1 + count) % count,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('button, a')];
  items[step(items.indexOf(document.activeElement as HTMLElement), items.length)]?.focus();
}

/** Which row has the menu, and how to open it at the button of a row. */
export function useRowMenu() {
  const menuRef = useRef<HTMLUListElement>(null);
  const [file, setFile] = useState<FileRowFragment>();
  const open = useCallback((chosen: FileRowFragment, button: HTMLElement) => {
    setFile(chosen);
    // After the items of this file are there, which decide how large it is.
    requestAnimationFrame(() => menuRef.current && openAt(menuRef.current, button));
  }, []);
  return { menuRef, file, open };
}

function openAt(menu: HTMLElement, button: HTMLElement): void {
  // Not every browser focuses a button that is pressed; the focus returns to what has it now.
  button.focus({ preventScroll: true });
  menu.showPopover();
  const at = button.getBoundingClientRect();
  const below = at.bottom + menu.offsetHeight <= window.innerHeight;
  menu.style.top = `${below ? at.bottom : Math.max(0, at.top - menu.offsetHeight)}px`;
  menu.style.left = `${Math.max(0, at.right - menu.offsetWidth)}px`;
  menu.querySelector('button')?.focus({ preventScroll: true });
  button.setAttribute('aria-expanded', 'true');
  const closed = new AbortController();
  const { signal } = closed;
  // It would stay where it is while its row moves away.
  addEventListener('scroll', () => menu.hidePopover(), { signal, passive: true });
  const onToggle = ({ newState }: ToggleEvent) => {
    if (newState !== 'closed') return;
    closed.abort();
    button.setAttribute('aria-expanded', 'false');
  };
  menu.addEventListener('beforetoggle', onToggle, { signal });
}
