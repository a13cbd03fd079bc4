import type { Size } from './size.ts';

/**
 * The size of an SVG from the attributes of its root: `width` and `height`, else `viewBox`. The root has to begin soon and
 * to be short, and is looked at by loops: a regular expression for a tag begins anew at each `<svg`.
 */

const MAX_BEFORE = 64 * 1024;
const MAX_ROOT = 16 * 1024;
/** Characters of a value that says a length, or four of them. */
const MAX_VALUE = 200;

export function svgSize(head: Buffer): Size | undefined {
  const root = rootOf(head);
  if (!root) return undefined;
  const attributes = attributesOf(root);
  const [width, height] = [lengthIn(attributes.get('width')), lengthIn(attributes.get('height'))];
  if (width && height) return { width, height };
  const [, , boxWidth, boxHeight] = (attributes.get('viewbox') ?? '').split(/[\s,]+/).map(lengthIn);
  if (!boxWidth || !boxHeight) return undefined;
  if (width) return { width, height: Math.floor((width * boxHeight) / boxWidth) };
  if (height) return { width: Math.floor((height * boxWidth) / boxHeight), height };
  return { width: boxWidth, height: boxHeight };
}

/** What stands between `<svg` and the end of its tag. */
function rootOf(head: Buffer): string | undefined {
  const start = head.subarray(0, MAX_BEFORE).indexOf('<svg');
  return start === -1 ? undefined : head.toString('utf8', start + 4, start + 4 + MAX_ROOT);
}

const isSpace = (character: string | undefined) => character !== undefined && ' \t\n\r\f'.includes(character);

/** By their names in lower case, up to the end of the tag, or to what is no attribute. */
function attributesOf(root: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (let at = 0; at < root.length; ) {
    while (isSpace(root[at])) at += 1;
    const equals = root.indexOf('=', at);
    if (equals === -1 || root[at] === '>') return attributes;
    const name = root.slice(at, equals).trim().toLowerCase();
    at = equals + 1;
    while (isSpace(root[at])) at += 1;
    const quote = root[at];
    const end = quote === '"' || quote === "'" ? root.indexOf(quote, at + 1) : -1;
    if (end === -1 || /[\s<>"'/]/.test(name)) return attributes;
    const value = root.slice(at + 1, end);
    if (value.length <= MAX_VALUE && !attributes.has(name)) attributes.set(name, value.trim());
    at = end + 1;
  }
  return attributes;
}

const INCH = 96;
const unitPixels: Record<string, number> = {
  '': 1,
  px: 1,
  in: INCH,
  cm: INCH / 2.54,
  mm: INCH / 25.4,
  pt: INCH / 72,
  pc: INCH / 6,
  em: 16,
  ex: 8,
  m: (INCH / 2.54) * 100,
};

/** In pixels; undefined for a part of what is around it, and for what is no length. */
function lengthIn(text = ''): number | undefined {
  const [, digits, unit = ''] = /^((?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:e\d{1,2})?)([a-z]{0,2})$/.exec(text) ?? [];
  const pixels = unitPixels[unit];
  return digits === undefined || pixels === undefined ? undefined : Math.round(Number(digits) * pixels);
}
