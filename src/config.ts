import { join, resolve } from 'node:path';
import type { z } from 'zod';
import {
  type downloadModes,
  environment,
  type introspectionModes,
  type legacyNames,
  type logLevels,
} from './config/environment.ts';
import { type JwtProvider, readJwtProviders } from './config/jwt.ts';
import { type Limits, limitsOf } from './config/limits.ts';
import type { DatabaseLocation } from './database/database.ts';
import type { S3Location } from './storage/s3-url.ts';

export { misspelledSettings } from './config/misspelled.ts';

/** Every setting, with defaults applied. The environment is read here and nowhere else. */
export interface Config {
  port: number;
  host: string;
  /**
   * The address by which clients reach this server, when it is not `host` and `port`; without a
   * slash at its end.
   */
  publicUrl: string | undefined;
  dataDir: string;
  /** Where rows are kept. A URL may hold a password: never print it. */
  database: DatabaseLocation;
  /** Where bytes are kept. An S3 location may hold a secret: never print it. */
  storage: StorageConfig;
  /** The most bytes of a file that is stored in the database; 0 for none. */
  smallFileSize: number;
  /** The administrator's key. Without one, the first start generates one. */
  adminKey: string | undefined;
  /**
   * The operator's part of the secrets that sign links and encrypt keys. Without one, a file in
   * `dataDir` holds it.
   */
  secret: string | undefined;
  /** Whether a first start creates the demo workspace in the empty database. */
  demo: boolean;
  /**
   * The issuers of JSON Web Tokens that are accepted for sign-in. They may hold secrets: never
   * print them.
   */
  jwtProviders: readonly JwtProvider[];
  /**
   * How long after its creation a key expires at the latest that is created with a token; 0: with
   * the token.
   */
  jwtKeyMs: number;
  limits: Limits;
  /** How long events stay in the log. */
  eventRetentionMs: number;
  /** How long entries stay in the audit log. */
  auditRetentionMs: number;
  /** Whether downloads are written to the audit log. */
  auditDownloads: boolean;
  /** How often abandoned uploads and unreferenced bytes are removed; undefined for never. */
  sweepMs: number | undefined;
  /**
   * How long a server that has to stop still serves, while load balancers see that it is not ready.
   */
  drainMs: number;
  /** How long a subscriber may read nothing before its connection is closed. */
  slowReaderMs: number;
  /** Bytes of a query with its variables. */
  maxQuerySize: number;
  /** Who may read the GraphQL schema from the server. */
  introspection: Introspection;
  /** The path of a file with the only documents that GraphQL clients may run; undefined for all. */
  trustedDocuments: string | undefined;
  /** How long an upload may send nothing. */
  uploadIdleMs: number;
  /** Bytes a second that an upload has to send on average. */
  minUploadRate: number;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is trusted. */
  trustedProxies: readonly string[];
  /** Origins of sites whose pages may call this server from a browser; `*` is every origin. */
  corsOrigins: readonly string[];
  /** The older APIs that are served. */
  legacyApis: readonly LegacyName[];
  logLevel: LogLevel;
  /** Where metrics are served without credentials; undefined for nowhere. */
  metrics: { port: number; host: string } | undefined;
  /** Where traces are sent; undefined for nowhere. */
  tracing: { endpoint: string; serviceName: string; share: number } | undefined;
  /** Whether each request is logged, at info. */
  logRequests: boolean;
}

export type StorageConfig =
  | { kind: 'disk'; folder: string }
  | {
      kind: 's3';
      location: S3Location;
      /** The folder in which resumable uploads grow until they are complete. */
      partialFilesIn: string;
      /** Whether this server sends downloads itself, or redirects clients to the bucket. */
      downloads: (typeof downloadModes)[number];
    };

export type Introspection = (typeof introspectionModes)[number];
export type LegacyName = (typeof legacyNames)[number];
export type LogLevel = (typeof logLevels)[number];

/** The environment is invalid. The message lists every problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the configuration from the environment. An empty variable counts as unset. Throws
 * `ConfigError`.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const { success, data, error } = environment.safeParse(given);
  const jwt = readJwtProviders(given);
  const issues = error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) ?? [];
  const problems = [...issues, ...jwt.problems].map((problem) => `  ${problem}`);
  if (!success || problems.length > 0) throw new ConfigError(`The environment cannot be used:\n${problems.join('\n')}`);
  const dataDir = resolve(data.DATA_DIR);
  return {
    port: data.PORT,
    host: data.HOST,
    publicUrl: data.PUBLIC_URL,
    dataDir,
    database: data.DATABASE_URL
      ? { kind: 'postgres', url: data.DATABASE_URL }
      : { kind: 'sqlite', file: join(dataDir, 'attache.db') },
    storage: storageOf(data, join(dataDir, 'files')),
    smallFileSize: data.SMALL_FILE_SIZE,
    adminKey: data.ATTACHE_ADMIN_KEY,
    secret: data.ATTACHE_SECRET,
    demo: data.ATTACHE_DEMO ?? data.NODE_ENV !== 'production',
    jwtProviders: jwt.providers,
    jwtKeyMs: data.AUTH_JWT_KEY_DAYS * 86_400_000,
    limits: limitsOf(data),
    eventRetentionMs: data.EVENT_RETENTION_SECONDS * 1000,
    auditRetentionMs: data.AUDIT_RETENTION_SECONDS * 1000,
    auditDownloads: data.AUDIT_DOWNLOADS ?? false,
    sweepMs: data.SWEEP_HOURS === 0 ? undefined : data.SWEEP_HOURS * 3_600_000,
    drainMs: data.DRAIN_SECONDS * 1000,
    slowReaderMs: data.SLOW_READER_SECONDS * 1000,
    maxQuerySize: data.MAX_QUERY_SIZE,
    introspection: data.INTROSPECTION ?? (data.NODE_ENV === 'production' ? 'admins' : 'all'),
    trustedDocuments: data.TRUSTED_DOCUMENTS,
    uploadIdleMs: data.UPLOAD_IDLE_SECONDS * 1000,
    minUploadRate: data.MIN_UPLOAD_RATE,
    trustedProxies: data.TRUSTED_PROXIES,
    corsOrigins: data.CORS_ORIGINS,
    legacyApis: data.LEGACY_APIS,
    logLevel: data.LOG_LEVEL,
    metrics: data.METRICS_PORT === undefined ? undefined : { port: data.METRICS_PORT, host: data.METRICS_HOST },
    tracing: data.OTEL_EXPORTER_OTLP_ENDPOINT
      ? {
          endpoint: data.OTEL_EXPORTER_OTLP_ENDPOINT,
          serviceName: data.OTEL_SERVICE_NAME,
          share: data.OTEL_TRACES_SAMPLER_ARG,
        }
      : undefined,
    logRequests: data.LOG_REQUESTS,
  };
}

type Settings = z.infer<typeof environment>;

function storageOf({ STORAGE_URL, DOWNLOADS }: Settings, folder: string): StorageConfig {
  if (!STORAGE_URL) return { kind: 'disk', folder };
  return { kind: 's3', location: STORAGE_URL, partialFilesIn: join(folder, 'unfinished'), downloads: DOWNLOADS };
}
