import { z } from 'zod';
import {
  byteSize,
  byteSizeOrNone,
  extensions,
  flag,
  list,
  networks,
  origins,
  postgresUrl,
  s3Url,
  webUrl,
  wholeNumber,
} from './values.ts';

export const legacyNames = ['kanboard', 'onlyoffice', 'worksection', 'cor'] as const;
export const downloadModes = ['stream', 'redirect'] as const;
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const MIN_IMAGE_MEMORY = 128 * 1024 ** 2;

/** Every environment variable that is a setting, with its default. */
export const environment = z
  .object({
    PORT: wholeNumber(0, 65535).default(4000),
    HOST: z.string().default('127.0.0.1'),
    PUBLIC_URL: webUrl.optional(),
    DATA_DIR: z.string().default('./data'),
    DATABASE_URL: postgresUrl.optional(),
    STORAGE_URL: s3Url.optional(),
    DOWNLOADS: z.enum(downloadModes, `must be one of ${downloadModes.join(', ')}`).default('stream'),
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
        (bytes) => bytes >= MIN_IMAGE_MEMORY,
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
    TRUSTED_PROXIES: networks.default([]),
    CORS_ORIGINS: origins.default([]),
    LEGACY_APIS: list
      .transform((names) => (names.includes('none') ? [] : names))
      .pipe(z.array(z.enum(legacyNames, `must be "none" or some of ${legacyNames.join(', ')}`)))
      .default([...legacyNames]),
    LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  })
  .refine(({ DOWNLOADS, STORAGE_URL }) => DOWNLOADS !== 'redirect' || STORAGE_URL, {
    path: ['DOWNLOADS'],
    error: 'can be "redirect" only with a STORAGE_URL: from a folder, this server alone can send',
    // Also when other variables cannot be used: every problem is listed at once.
    when: () => true,
  });
