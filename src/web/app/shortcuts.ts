import { useCallback, useEffect, useState } from 'react';
import { storageName } from '../api/storage-name.ts';

const OFF_KEY = storageName('shortcuts off');

/** What a key does. The dialog lists them in this order. */
const actions = {
  '/': () => focusSearch(),
  u: () => document.querySelector<HTMLElement>('main [data-shortcut="upload"]')?.click(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
};
export type ShortcutKey = keyof typeof actions;
export const shortcutKeys = Object.keys(actions) as ShortcutKey[];

export interface Shortcuts {
  isOpen: boolean;
  /**
   * Whether single keys do something: people who speak to their computer need them switched off.
   */
  isOn: boolean;
  open(): void;
  close(): void;
  turn(isOn: boolean): void;
}

/** Listens to the keys of the page, and holds whether their dialog is open. */
export function useShortcuts(): Shortcuts {
  const [isOpen, setIsOpen] = useState(false);
  const [isOn, setIsOn] = useState(() => localStorage.getItem(OFF_KEY) === null);
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      if (!isFree(event)) return;
      const act = event.key === '?' ? () => setIsOpen(true) : actions[event.key as ShortcutKey];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [isOn]);
  const turn = useCallback((next: boolean) => {
    if (next) localStorage.removeItem(OFF_KEY);
    else localStorage.setItem(OFF_KEY, 'true');
    setIsOn(next);
  }, []);
  return { isOpen, isOn, open: () => setIsOpen(true), close: () => setIsOpen(false), turn };
}

/** Whether a key is neither typed into a field, nor meant for the browser, a dialog or a menu. */
function isFree({ key, ctrlKey, metaKey, altKey, isComposing, defaultPrevented, target }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented || key.length !== 1) return false;
  if (document.querySelector('[role="dialog"], :popover-open')) return false;
  return !(target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]'));
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  field?.focus();
  field?.select();
}

/** Focuses the link of the next row, or of the one before; at first that of the first row. */
function moveRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  const { activeElement } = document;
  const within = activeElement?.closest('tr, li')?.querySelector('[data-row]') ?? activeElement;
  const index = rows.indexOf(within as HTMLElement);
  const next = index < 0 ? rows[0] : rows[index + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
