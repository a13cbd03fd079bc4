import { archiveNames } from '../../files/extractable-name.ts';

/** Marks that change the direction of text make `exe.gpj` look like `jpg.exe`. */
const invisible = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Returns a function that gives each file of a folder a name which is safe on every system. Names
 * come from others: they must not lead to another folder (`../x`), name a device (`CON`), or create
 * a hidden file that configures a program (`.npmrc`).
 */
export function localNames(): (name: string) => string {
  const unique = archiveNames();
  return (name) => unique(toSafeName(name));
}

const toSafeName = (name: string): string => name.replace(invisible, '_').replace(/^\./, '_');

/** The safe name of one file. */
export const localName = (name: string): string => localNames()(name);
