import { createHash } from 'node:crypto';
import { decodeBase64Leniently } from '../../uploads/base64.ts';

/** How PHP reads what a client sends where another kind of value is wanted. */

/** A number of a row: a number, or text of digits. Undefined for what is no row's. */
export function parseId(value: unknown): number | undefined {
  const text =
    value === true ? '1' : typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  const id = /^\+?\d{1,15}(?:\.0+)?$/.test(text) ? Number(text) : Number.NaN;
  return id > 0 && id <= MAX_ID ? id : undefined;
}

/** The largest that a column of ids holds. */
const MAX_ID = 2 ** 31 - 1;

export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return value === true ? '1' : '';
}

/**
 * Base64 as `base64_decode` reads it when it is not strict: whatever is none of its 64 characters is skipped, padding as well,
 * wherever it stands.
 */
export function decodeBase64(value: unknown): Buffer {
  return decodeBase64Leniently(toText(value));
}

/** The first so many bytes, without half a character at the end. */
export function truncateBytes(text: string, bytes: number): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((all[end] as number) & 0xc0) === 0x80) end -= 1;
  return all.subarray(0, end).toString();
}

/** What is empty to PHP: no bytes, and a zero. */
export const isEmpty = (bytes: Buffer): boolean => bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0x30);

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
export const unixTime = (date: Date): number => Math.floor(date.getTime() / 1000);
