import { hrefOf, needsKey } from './find-links.ts';

/** A piece of text, and where it leads. */
export interface Piece {
  text: string;
  href?: string;
}

/**
 * Characters that change the direction of what follows, or are not shown: written as escapes, a name
 * cannot pretend to be another part of the response.
 */
const INVISIBLE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

const escaped = (text: string) =>
  text.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A value as JSON on one line, of which at most `length` characters. */
export const shortJson = (value: unknown, length: number): string => escaped(JSON.stringify(value).slice(0, length));

/** A line of formatted JSON whose value may be a link. */
const FIELD = /^(\s*"((?:[^"\\]|\\.)*)": )("(?:[^"\\]|\\.)*")(,?)$/;

/** A value as formatted JSON, in pieces of which some are links. */
export function jsonPieces(value: unknown, base: string): Piece[] {
  const lines = JSON.stringify(value, null, 2).split('\n');
  return lines.flatMap((line, index): Piece[] => {
    const end = index < lines.length - 1 ? '\n' : '';
    const [, before = '', field = '', text = '', after = ''] = FIELD.exec(line) ?? [];
    const href = text ? hrefOf(field, JSON.parse(text), base) : undefined;
    if (!href || needsKey(href)) return [{ text: escaped(line) + end }];
    return [{ text: escaped(before) }, { text: escaped(text), href }, { text: after + end }];
  });
}
