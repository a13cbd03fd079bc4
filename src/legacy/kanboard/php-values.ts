import { createHash } from 'node:crypto';
import { decodeBase64Leniently } from '../../uploads/base64.ts';
import { MAX_ID } from '../ids.ts';

// How PHP converts what a client sends where another type is expected.

/** An id as a number or text of digits. Undefined for what can be no row's id. */
export function parsePhpId(value: unknown): number | undefined {
  const text =
    value === true ? '1' : typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  const id = /^\+?\d{1,15}(?:\.0+)?$/.test(text) ? Number(text) : Number.NaN;
  return id > 0 && id <= MAX_ID ? id : undefined;
}

/** Numbers and true as PHP converts them to text; empty for other values. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return value === true ? '1' : '';
}

/**
 * Base64 as PHP's `base64_decode` reads it when not strict: it skips characters outside the
 * alphabet, and padding anywhere. https://www.php.net/manual/function.base64-decode.php
 */
export function decodePhpBase64(value: unknown): Buffer {
  return decodeBase64Leniently(toText(value));
}

/** The first `bytes` bytes in UTF-8, without an incomplete character at the end. */
export function truncateBytes(text: string, bytes: number): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((all[end] as number) & 0xc0) === 0x80) end -= 1;
  return all.subarray(0, end).toString();
}

/** What PHP's `empty` accepts: no bytes, and the text "0". */
export const isEmpty = (bytes: Buffer): boolean => bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0x30);

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
export const unixTime = (date: Date): number => Math.floor(date.getTime() / 1000);
