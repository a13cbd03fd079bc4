import { z } from 'zod';
import { jwtSettings } from './jwt-settings.ts';
import { limitSettings } from './limits.ts';
import {
  baseUrl,
  byteSize,
  byteSizeOrNone,
  flag,
  list,
  networks,
  origins,
  postgresUrl,
  s3Url,
  share,
  wholeNumber,
} from './values.ts';

export const legacyNames = ['kanboard', 'onlyoffice', 'worksection', 'cor'] as const;
export const downloadModes = ['stream', 'redirect'] as const;
export const introspectionModes = ['all', 'admins', 'none'] as const;
/** Larger files would fill the memory of the database, which reads them whole. */
const MAX_SMALL_FILE_SIZE = 1024 ** 2;
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every environment variable that is a setting, with its default. */
export const environment = z
  .object({
    PORT: wholeNumber(0, 65535).default(4000),
    HOST: z.string().default('127.0.0.1'),
    PUBLIC_URL: baseUrl.optional(),
    DATA_DIR: z.string().default('./data'),
    DATABASE_URL: postgresUrl.optional(),
    STORAGE_URL: s3Url.optional(),
    DOWNLOADS: z.enum(downloadModes, `must be one of ${downloadModes.join(', ')}`).default('stream'),
    SMALL_FILE_SIZE: byteSizeOrNone
      .refine((bytes) => bytes <= MAX_SMALL_FILE_SIZE, 'must be at most 1 MiB: the database reads such files whole')
      .default(128 * 1024),
    ATTACHE_ADMIN_KEY: z
      .string()
      .regex(/^[\x21-\x7e]{8,200}$/, 'must be 8 to 200 visible ASCII characters without spaces')
      .optional(),
    ATTACHE_SECRET: z.string().min(16, 'must have at least 16 characters').optional(),
    ATTACHE_DEMO: flag.optional(),
    NODE_ENV: z.string().optional(),
    INTROSPECTION: z.enum(introspectionModes, `must be one of ${introspectionModes.join(', ')}`).optional(),
    TRUSTED_DOCUMENTS: z.string().optional(),
    EVENT_RETENTION_SECONDS: wholeNumber(1, 2 ** 31 - 1).default(30 * 86_400),
    AUDIT_RETENTION_SECONDS: wholeNumber(1, 2 ** 31 - 1).default(365 * 86_400),
    AUDIT_DOWNLOADS: flag.optional(),
    DRAIN_SECONDS: wholeNumber(0, 300).default(0),
    SWEEP_HOURS: wholeNumber(0, 500).default(0),
    SLOW_READER_SECONDS: wholeNumber(1, 86_400).default(30),
    MAX_QUERY_SIZE: byteSize.default(16 * 1024 ** 2),
    UPLOAD_IDLE_SECONDS: wholeNumber(1, 86_400).default(60),
    MIN_UPLOAD_RATE: byteSize.default(1024),
    TRUSTED_PROXIES: networks.default([]),
    CORS_ORIGINS: origins.default([]),
    LEGACY_APIS: list
      .transform((names) => (names.includes('none') ? [] : names))
      .pipe(z.array(z.enum(legacyNames, `must be "none" or some of ${legacyNames.join(', ')}`)))
      .default([...legacyNames]),
    ...limitSettings,
    ...jwtSettings,
    OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl.optional(),
    OTEL_SERVICE_NAME: z.string().max(200).default('attache'),
    OTEL_TRACES_SAMPLER_ARG: share.default(1),
    METRICS_PORT: wholeNumber(0, 65535).optional(),
    METRICS_HOST: z.string().default('127.0.0.1'),
    LOG_REQUESTS: flag.default(true),
    LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  })
  .refine(({ DOWNLOADS, STORAGE_URL }) => DOWNLOADS !== 'redirect' || STORAGE_URL, {
    path: ['DOWNLOADS'],
    error: 'can be "redirect" only with a STORAGE_URL: from a folder, this server alone can send',
    // Also when other variables cannot be used: every problem is listed at once.
    when: () => true,
  })
  .refine(
    ({ PORT, METRICS_PORT, HOST, METRICS_HOST }) => {
      const isOneAddress =
        HOST === METRICS_HOST || [HOST, METRICS_HOST].some((host) => ['0.0.0.0', '::'].includes(host));
      return PORT === 0 || PORT !== METRICS_PORT || !isOneAddress;
    },
    { path: ['METRICS_PORT'], error: 'must be another port than PORT' },
  );
