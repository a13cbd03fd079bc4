import { isIP } from 'node:net';
import { z } from 'zod';
import { parseS3Url } from '../storage/s3-url.ts';

/** The kinds of values that settings have. Each transforms the text of an environment variable. */

const units = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `5368709120`, `5 GiB`, `500MB`: all are powers of 1024. */
export const byteSize = z.string().transform((text, context) => {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(digits) * units[(unit?.toLowerCase() ?? '') as keyof typeof units]);
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  context.addIssue('is not a size; write bytes, or as in "500 MiB"');
  return z.NEVER;
});

/** The same, or 0 for none. */
export const byteSizeOrNone = z.union([z.literal('0').transform(() => 0), byteSize]);

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** A part of all, such as 0.1. */
export const share = z
  .string()
  .regex(/^[01]$|^0\.\d{1,6}$/, 'must be a number from 0 to 1, as in "0.1"')
  .transform(Number);

export const flag = z
  .enum(['true', 'false', '1', '0', 'on', 'off', 'yes', 'no'], 'must be "true" or "false"')
  .transform((text) => ['true', '1', 'on', 'yes'].includes(text));

/** Texts between commas. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

/** A value in JSON. The message does not repeat it: it may hold a secret. */
export const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('is not valid JSON');
    return z.NEVER;
  }
});

export const networks = list.refine((parts) => parts.every(isNetwork), {
  error: 'must be addresses or networks, as in "127.0.0.1, 10.0.0.0/8", or "loopback", "linklocal", "uniquelocal"',
});

function isNetwork(text: string): boolean {
  const [address = '', bits = ''] = text.split('/');
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  return isIP(address) > 0 && /^\d{0,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128);
}

export const extensions = list
  .transform((parts) => parts.map((part) => part.replace(/^\./, '').toLowerCase()))
  .refine((parts) => parts.every((part) => /^[^\s.*?/\\:;,|"'<>]+(?:\.[^\s.*?/\\:;,|"'<>]+)*$/.test(part)), {
    error: 'must be extensions alone, as in "pdf, png, tar.gz"',
  });

/** Browsers send an origin without a path, and servers compare it letter by letter. */
export const origins = list
  .transform((parts) => parts.map((part) => part.replace(/\/$/, '').toLowerCase()))
  .refine((parts) => parts.every((part) => part === '*' || isOrigin(part)), {
    error: 'must be origins without a path, as in "https://app.example.com, http://localhost:5173", or "*"',
  });

const isOrigin = (text: string): boolean => !text.includes('*') && URL.canParse(text) && new URL(text).origin === text;

/** Without the slash at its end. */
export const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be a URL as in "https://files.example.com"' })
  .transform((text) => text.replace(/\/+$/, ''));

export const postgresUrl = z
  .url({
    protocol: /^postgres(ql)?$/,
    error: 'must be a URL as in "postgres://user:password@localhost:5432/attache"',
    abort: true,
  })
  .refine((text) => new URL(text).pathname.length > 1, 'must name a database after its last slash');

export const s3Url = z.string().transform((text, context) => {
  try {
    return parseS3Url(text);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});
