import type { Size } from './size.ts';

/**
 * Reads the size of an SVG from the attributes of its root element: `width` and `height`, else
 * `viewBox`. It scans bounded parts of the file with loops: a regular expression for the tag would
 * start again at each `<svg`, in quadratic time.
 */

/** Bytes in which the root element has to begin. */
const MAX_PROLOG = 64 * 1024;
/** Bytes of the start tag that are read. */
const MAX_ROOT = 16 * 1024;
/** Characters of an attribute beyond which it is ignored. Lengths and view boxes are shorter. */
const MAX_VALUE = 200;

/** The size in pixels of CSS; undefined when the root element states none. */
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

/** Returns the text after `<svg`: the attributes, and what follows them within `MAX_ROOT` bytes. */
function rootOf(head: Buffer): string | undefined {
  const start = head.subarray(0, MAX_PROLOG).indexOf('<svg');
  return start === -1 ? undefined : head.toString('utf8', start + 4, start + 4 + MAX_ROOT);
}

const isSpace = (character: string | undefined) => character !== undefined && ' \t\n\r\f'.includes(character);

/**
 * Parses attributes, by name in lower case, up to the end of the tag or the first invalid
 * attribute.
 */
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

/** Converts a CSS length to pixels. Returns undefined for percentages and invalid lengths. */
function lengthIn(text = ''): number | undefined {
  const [, digits, unit = ''] = /^((?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:e\d{1,2})?)([a-z]{0,2})$/.exec(text) ?? [];
  const pixels = unitPixels[unit];
  return digits === undefined || pixels === undefined ? undefined : Math.round(Number(digits) * pixels);
}
