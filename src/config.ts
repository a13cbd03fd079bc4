import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Limits } from './context.ts';

/** Everything that an operator can choose, with defaults applied. The environment is read here and nowhere else. */
export interface Config {
  port: number;
  host: string;
  /** Where clients reach this server, if not at `host` and `port`; without a slash at the end. */
  publicUrl: string | undefined;
  dataDir: string;
  /** The PostgreSQL that keeps the rows, with its password: never to be printed. SQLite in `dataDir` does without one. */
  databaseUrl: string | undefined;
  /** The bucket that keeps the bytes, maybe with its secret: never to be printed. A folder in `dataDir` does without one. */
  storageUrl: string | undefined;
  /** Whether downloads are sent by this server, or clients are sent to the store. */
  downloads: Downloads;
  /** The administrator's key; without one, the first start makes one. */
  adminKey: string | undefined;
  /** The operator's own part of what signs links and encrypts keys; without one, a file in `dataDir` has it. */
  secret: string | undefined;
  /** Whether a first start fills the empty database with a small workspace to try things on. */
  demo: boolean;
  limits: Limits;
  /** How long the log of events is kept. */
  eventRetentionMs: number;
  /** How often what belongs to nobody is swept away; never, without it. */
  sweepMs: number | undefined;
  /** How long a subscriber may read nothing of what was written to it. */
  slowReaderMs: number;
  /** Bytes of a query with its variables. */
  maxQuerySize: number;
  /** How long an upload may send nothing. */
  uploadIdleMs: number;
  /** Bytes a second that an upload has to send on average. */
  minUploadRate: number;
  /** Addresses and networks of proxies, whose word on the address of a client is taken. */
  trustedProxies: readonly string[];
  /** Sites whose pages may call this server from a browser; `*` is every site. */
  corsOrigins: readonly string[];
  /** The older systems whose calls are answered. */
  legacyApis: readonly LegacyName[];
  logLevel: LogLevel;
}

export const legacyNames = ['kanboard', 'onlyoffice', 'worksection', 'cor'] as const;
export type LegacyName = (typeof legacyNames)[number];

const ways = ['stream', 'redirect'] as const;
export type Downloads = (typeof ways)[number];

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The environment cannot be used as it is. The message lists every problem at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const units = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** `5368709120`, `5 GiB`, `500MB`: all are powers of 1024. */
const byteSize = z.string().transform((text, context) => {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(digits) * units[(unit?.toLowerCase() ?? '') as keyof typeof units]);
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  context.addIssue('is not a size; write bytes, or as in "500 MiB"');
  return z.NEVER;
});

/** The same, or 0 for none. */
const byteSizeOrNone = z.union([z.literal('0').transform(() => 0), byteSize]);

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

const flag = z
  .enum(['true', 'false', '1', '0', 'on', 'off', 'yes', 'no'], 'must be "true" or "false"')
  .transform((text) => ['true', '1', 'on', 'yes'].includes(text));

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const proxies = list.refine((parts) => parts.every(isNetwork), {
  error: 'must be addresses or networks, as in "127.0.0.1, 10.0.0.0/8", or "loopback", "linklocal", "uniquelocal"',
});

function isNetwork(text: string): boolean {
  const [address = '', bits = ''] = text.split('/');
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  return isIP(address) > 0 && /^\d{0,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128);
}

const extensions = list
  .transform((parts) => parts.map((part) => part.replace(/^\./, '').toLowerCase()))
  .refine((parts) => parts.every((part) => /^[^\s.*?/\\:;,|"'<>]+(?:\.[^\s.*?/\\:;,|"'<>]+)*$/.test(part)), {
    error: 'must be extensions alone, as in "pdf, png, tar.gz"',
  });

/** Browsers send an origin without a path, and compare it letter by letter. */
const origins = list
  .transform((parts) => parts.map((part) => part.replace(/\/$/, '').toLowerCase()))
  .refine((parts) => parts.every((part) => part === '*' || isOrigin(part)), {
    error: 'must be origins without a path, as in "https://app.example.com, http://localhost:5173", or "*"',
  });

const isOrigin = (text: string): boolean => !text.includes('*') && URL.canParse(text) && new URL(text).origin === text;

const url = z
  .url({ protocol: /^https?$/, error: 'must be a URL as in "https://files.example.com"' })
  .transform((text) => text.replace(/\/+$/, ''));

const postgresUrl = z
  .url({
    protocol: /^postgres(ql)?$/,
    error: 'must be a URL as in "postgres://user:password@localhost:5432/attache"',
    abort: true,
  })
  .refine((text) => new URL(text).pathname.length > 1, 'must name a database after its last slash');

const bucketUrl = z.string().refine((text) => URL.canParse(text) && /^s3:\/\/[^/?]+/.test(text), {
  error: 'must be a URL as in "s3://bucket?region=eu-central-1"',
});

const LEAST_IMAGE_MEMORY = 128 * 1024 ** 2;

const environment = z
  .object({
    PORT: wholeNumber(0, 65535).default(4000),
    HOST: z.string().default('127.0.0.1'),
    PUBLIC_URL: url.optional(),
    DATA_DIR: z.string().default('./data'),
    DATABASE_URL: postgresUrl.optional(),
    STORAGE_URL: bucketUrl.optional(),
    DOWNLOADS: z.enum(ways, `must be one of ${ways.join(', ')}`).default('stream'),
    ATTACHE_ADMIN_KEY: z
      .string()
      .regex(/^[\x21-\x7e]{8,200}$/, 'must be 8 to 200 visible ASCII characters without spaces')
      .optional(),
    ATTACHE_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
    ATTACHE_DEMO: flag.optional(),
    NODE_ENV: z.string().optional(),
    MAX_FILE_SIZE: byteSize.default(5 * 1024 ** 3),
    MAX_FILES: wholeNumber(1, 10_000).default(20),
    MAX_PROJECT_BYTES: byteSize.optional(),
    MAX_PROJECT_FILES: wholeNumber(1, 2 ** 31 - 1).optional(),
    MAX_QUERY_COST: wholeNumber(100, 2 ** 31 - 1).default(50_000),
    MAX_QUERY_DEPTH: wholeNumber(5, 1000).default(20),
    MAX_QUERY_ALIASES: wholeNumber(1, 100_000).default(2500),
    MAX_QUERY_SECONDS: wholeNumber(1, 600).default(5),
    MAX_ANSWER_SIZE: byteSize.default(32 * 1024 ** 2),
    MAX_INLINE_SIZE: byteSize.default(10 * 1024 ** 2),
    SESSION_IDLE_SECONDS: wholeNumber(1, 604_800).default(300),
    MAX_IMAGE_PIXELS: wholeNumber(1, 2 ** 31 - 1).default(100_000_000),
    MAX_IMAGE_MEMORY: byteSize
      .refine(
        (bytes) => bytes >= LEAST_IMAGE_MEMORY,
        'must be at least 128 MiB: half of that is taken by the process itself',
      )
      .default(256 * 1024 ** 2),
    UNFINISHED_UPLOAD_SECONDS: wholeNumber(1, 2_592_000).default(86_400),
    MAX_UNFINISHED_UPLOADS: wholeNumber(1, 100_000).default(200),
    MAX_UNFINISHED_BYTES: byteSize.optional(),
    MAX_USER_UNFINISHED_BYTES: byteSize.optional(),
    MIN_FREE_BYTES: byteSizeOrNone.optional(),
    IDEMPOTENCY_SECONDS: wholeNumber(1, 2_592_000).default(86_400),
    EVENT_RETENTION_SECONDS: wholeNumber(1, 2 ** 31 - 1).default(30 * 86_400),
    SWEEP_HOURS: wholeNumber(0, 500).default(0),
    MAX_CONNECTIONS_PER_USER: wholeNumber(1, 1_000_000).default(250),
    MAX_SUBSCRIPTIONS_PER_USER: wholeNumber(1, 1_000_000).default(1000),
    MAX_SUBSCRIPTIONS_PER_KEY: wholeNumber(1, 1_000_000).default(500),
    MAX_DISTINCT_SUBSCRIPTIONS_PER_USER: wholeNumber(1, 1_000_000).default(200),
    MAX_DISTINCT_SUBSCRIPTIONS_PER_KEY: wholeNumber(1, 1_000_000).default(100),
    SLOW_READER_SECONDS: wholeNumber(1, 86_400).default(30),
    ALLOWED_EXTENSIONS: extensions.default([]),
    REFUSED_EXTENSIONS: extensions.default([]),
    MAX_QUERY_SIZE: byteSize.default(16 * 1024 ** 2),
    UPLOAD_IDLE_SECONDS: wholeNumber(1, 86_400).default(60),
    MIN_UPLOAD_RATE: byteSize.default(1024),
    TRUSTED_PROXIES: proxies.default([]),
    CORS_ORIGINS: origins.default([]),
    LEGACY_APIS: list
      .transform((names) => (names.includes('none') ? [] : names))
      .pipe(z.array(z.enum(legacyNames, `must be "none" or some of ${legacyNames.join(', ')}`)))
      .default([...legacyNames]),
    LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  })
  .refine(({ DOWNLOADS, STORAGE_URL }) => DOWNLOADS === 'stream' || STORAGE_URL, {
    path: ['DOWNLOADS'],
    error: 'can be "redirect" only with a STORAGE_URL: from a folder, this server alone can send',
  });

/** Reads the configuration from the environment. An empty variable counts as none. Throws `ConfigError`. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const { success, data, error } = environment.safeParse(given);
  if (!success) {
    const problems = error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new ConfigError(`The environment cannot be used:\n${problems.join('\n')}`);
  }
  return {
    port: data.PORT,
    host: data.HOST,
    publicUrl: data.PUBLIC_URL,
    dataDir: resolve(data.DATA_DIR),
    databaseUrl: data.DATABASE_URL,
    storageUrl: data.STORAGE_URL,
    downloads: data.DOWNLOADS,
    adminKey: data.ATTACHE_ADMIN_KEY,
    secret: data.ATTACHE_SECRET,
    demo: data.ATTACHE_DEMO ?? data.NODE_ENV !== 'production',
    limits: {
      maxFileSize: data.MAX_FILE_SIZE,
      maxFiles: data.MAX_FILES,
      maxProjectBytes: data.MAX_PROJECT_BYTES ?? Number.POSITIVE_INFINITY,
      maxProjectFiles: data.MAX_PROJECT_FILES ?? Number.POSITIVE_INFINITY,
      maxQueryCost: data.MAX_QUERY_COST,
      maxQueryDepth: data.MAX_QUERY_DEPTH,
      maxQueryAliases: data.MAX_QUERY_ALIASES,
      maxQueryMs: data.MAX_QUERY_SECONDS * 1000,
      maxAnswerSize: data.MAX_ANSWER_SIZE,
      maxInlineSize: data.MAX_INLINE_SIZE,
      sessionIdleMs: data.SESSION_IDLE_SECONDS * 1000,
      maxImagePixels: data.MAX_IMAGE_PIXELS,
      maxImageMemory: data.MAX_IMAGE_MEMORY,
      unfinishedMs: data.UNFINISHED_UPLOAD_SECONDS * 1000,
      maxUnfinishedUploads: data.MAX_UNFINISHED_UPLOADS,
      maxUnfinishedBytes: data.MAX_UNFINISHED_BYTES,
      maxUserUnfinishedBytes: data.MAX_USER_UNFINISHED_BYTES,
      minFreeBytes: data.MIN_FREE_BYTES,
      idempotencyMs: data.IDEMPOTENCY_SECONDS * 1000,
      maxConnectionsPerUser: data.MAX_CONNECTIONS_PER_USER,
      maxSubscriptionsPerUser: data.MAX_SUBSCRIPTIONS_PER_USER,
      maxSubscriptionsPerKey: data.MAX_SUBSCRIPTIONS_PER_KEY,
      maxDistinctSubscriptionsPerUser: data.MAX_DISTINCT_SUBSCRIPTIONS_PER_USER,
      maxDistinctSubscriptionsPerKey: data.MAX_DISTINCT_SUBSCRIPTIONS_PER_KEY,
      allowedExtensions: data.ALLOWED_EXTENSIONS,
      refusedExtensions: data.REFUSED_EXTENSIONS,
    },
    eventRetentionMs: data.EVENT_RETENTION_SECONDS * 1000,
    sweepMs: data.SWEEP_HOURS === 0 ? undefined : data.SWEEP_HOURS * 3_600_000,
    slowReaderMs: data.SLOW_READER_SECONDS * 1000,
    maxQuerySize: data.MAX_QUERY_SIZE,
    uploadIdleMs: data.UPLOAD_IDLE_SECONDS * 1000,
    minUploadRate: data.MIN_UPLOAD_RATE,
    trustedProxies: data.TRUSTED_PROXIES,
    corsOrigins: data.CORS_ORIGINS,
    legacyApis: data.LEGACY_APIS,
    logLevel: data.LOG_LEVEL,
  };
}

/**
 * Points out variables that are nearly the name of a setting, as in `MAX_FILSIZE`: nothing else would say that they
 * have no effect. A sentence for each.
 */
export function misspelledSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(environment.shape);
  return Object.keys(env)
    .filter((name) => name.length >= LEAST_SIMILAR && !names.includes(name))
    .flatMap((name) => {
      const meant = names.find((one) => one.length >= LEAST_SIMILAR && distance(name.toUpperCase(), one) <= MISSPELLED);
      return meant ? [`${name} is set and is no setting; ${meant} is one.`] : [];
    });
}

/** Letters that may differ, and the shortest names in which that is no accident. */
const MISSPELLED = 2;
const LEAST_SIMILAR = 7;

/** How many letters have to be changed, added or left out. https://en.wikipedia.org/wiki/Levenshtein_distance */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MISSPELLED) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= b.length; at++) {
      const replaced = (row[at - 1] as number) + (letter === b[at - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[at] as number) + 1, (next[at - 1] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
