import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';
import { parseS3Url } from '../src/storage/s3-url.ts';

const GIB = 1024 ** 3;

const defaults = {
  port: 4000,
  host: '127.0.0.1',
  publicUrl: undefined,
  dataDir: resolve('data'),
  database: { kind: 'sqlite', file: resolve('data/attache.db') },
  storage: { kind: 'disk', folder: resolve('data/files') },
  smallFileSize: 131_072,
  adminKey: undefined,
  demo: true,
  jwtProviders: [],
  jwtKeyMs: 0,
  limits: {
    maxFileSize: 5 * GIB,
    maxFiles: 20,
    maxProjectBytes: Number.POSITIVE_INFINITY,
    maxProjectFiles: Number.POSITIVE_INFINITY,
    maxQueryCost: 50_000,
    maxQueryDepth: 20,
    maxQueryAliases: 2500,
    maxQueryDirectives: 500,
    maxQueryFragments: 2500,
    maxQueryTokens: 10_000,
    maxQueryMs: 5000,
    maxAnswerSize: 32 * 1024 ** 2,
    maxInlineSize: 10 * 1024 ** 2,
    sessionIdleMs: 300_000,
    maxImagePixels: 100_000_000,
    maxImageMemory: 268_435_456,
    unfinishedMs: 86_400_000,
    idempotencyMs: 86_400_000,
    maxUnfinishedUploads: 200,
    maxUnfinishedBytes: undefined,
    maxUserUnfinishedBytes: undefined,
    minFreeBytes: undefined,
    maxConnectionsPerUser: 250,
    maxSubscriptionsPerUser: 1000,
    maxSubscriptionsPerKey: 500,
    maxDistinctSubscriptionsPerUser: 200,
    maxDistinctSubscriptionsPerKey: 100,
    maxThumbnailBytes: undefined,
    maxRequestsPerAddress: 120_000,
    maxRequestsPerUser: 120_000,
    maxRequestsPerKey: 60_000,
    allowedExtensions: [],
    refusedExtensions: [],
  },
  legacyApis: ['kanboard', 'onlyoffice', 'worksection', 'cor'],
  maxQuerySize: 16 * 1024 ** 2,
  introspection: 'all',
  trustedDocuments: undefined,
  uploadIdleMs: 60_000,
  minUploadRate: 1024,
  trustedProxies: [],
  eventRetentionMs: 2_592_000_000,
  auditRetentionMs: 31_536_000_000,
  auditDownloads: false,
  sweepMs: undefined,
  drainMs: 0,
  slowReaderMs: 30_000,
  corsOrigins: [],
  logLevel: 'info',
  logRequests: true,
  metrics: undefined,
  tracing: undefined,
};

/** The message of the ConfigError, or "nothing". */
function problems(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'nothing';
}

test('an empty environment gives the defaults', () => {
  expect(readConfig({})).toEqual(defaults);
});

test('an empty variable counts as not set', () => {
  const names = ['PORT', 'HOST', 'PUBLIC_URL', 'DATA_DIR', 'ATTACHE_ADMIN_KEY', 'ATTACHE_DEMO', 'NODE_ENV'];
  const more = ['MAX_FILE_SIZE', 'MAX_FILES', 'ALLOWED_EXTENSIONS', 'REFUSED_EXTENSIONS', 'MAX_QUERY_SIZE'];
  const rest = [
    'MAX_PROJECT_BYTES',
    'MAX_PROJECT_FILES',
    'MAX_INLINE_SIZE',
    'MAX_QUERY_ALIASES',
    'MAX_QUERY_DIRECTIVES',
    'MAX_QUERY_FRAGMENTS',
    'MAX_QUERY_TOKENS',
    'INTROSPECTION',
    'TRUSTED_DOCUMENTS',
    'MAX_QUERY_SECONDS',
    'MAX_ANSWER_SIZE',
    'DATABASE_URL',
    'STORAGE_URL',
    'DOWNLOADS',
    'SMALL_FILE_SIZE',
    'SESSION_IDLE_SECONDS',
    'MAX_IMAGE_PIXELS',
    'MAX_IMAGE_MEMORY',
    'UNFINISHED_UPLOAD_SECONDS',
    'IDEMPOTENCY_SECONDS',
    'MAX_UNFINISHED_UPLOADS',
    'MAX_UNFINISHED_BYTES',
    'MAX_USER_UNFINISHED_BYTES',
    'MIN_FREE_BYTES',
    'UPLOAD_IDLE_SECONDS',
    'EVENT_RETENTION_SECONDS',
    'AUDIT_RETENTION_SECONDS',
    'AUDIT_DOWNLOADS',
    'DRAIN_SECONDS',
    'SWEEP_HOURS',
    'MAX_CONNECTIONS_PER_USER',
    'MAX_SUBSCRIPTIONS_PER_USER',
    'MAX_SUBSCRIPTIONS_PER_KEY',
    'MAX_DISTINCT_SUBSCRIPTIONS_PER_USER',
    'MAX_DISTINCT_SUBSCRIPTIONS_PER_KEY',
    'MAX_THUMBNAIL_BYTES',
    'MAX_REQUESTS_PER_ADDRESS',
    'MAX_REQUESTS_PER_USER',
    'MAX_REQUESTS_PER_KEY',
    'SLOW_READER_SECONDS',
    'CORS_ORIGINS',
    'LEGACY_APIS',
    'LOG_LEVEL',
  ];
  expect(readConfig(Object.fromEntries([...names, ...more, ...rest].map((name) => [name, ''])))).toEqual(defaults);
});

test('every variable sets its option', () => {
  const config = readConfig({
    PORT: '8080',
    HOST: '::',
    PUBLIC_URL: 'https://files.example.com/',
    DATA_DIR: '/var/lib/attache',
    DATABASE_URL: 'postgresql://attache:secret@db.example.com/attache?sslmode=require',
    STORAGE_URL: 's3://bucket/files?region=eu-central-1',
    DOWNLOADS: 'redirect',
    SMALL_FILE_SIZE: '64 KiB',
    ATTACHE_ADMIN_KEY: 'a-key-of-mine',
    ATTACHE_DEMO: 'false',
    MAX_FILE_SIZE: '500 MiB',
    MAX_FILES: '3',
    MAX_PROJECT_BYTES: '2 TiB',
    MAX_PROJECT_FILES: '1000',
    MAX_QUERY_COST: '1000',
    MAX_QUERY_DEPTH: '12',
    MAX_QUERY_ALIASES: '50',
    MAX_QUERY_DIRECTIVES: '51',
    MAX_QUERY_FRAGMENTS: '52',
    MAX_QUERY_TOKENS: '5300',
    INTROSPECTION: 'none',
    TRUSTED_DOCUMENTS: 'documents.json',
    MAX_QUERY_SECONDS: '2',
    MAX_ANSWER_SIZE: '4 MiB',
    MAX_INLINE_SIZE: '1 MiB',
    SESSION_IDLE_SECONDS: '60',
    MAX_IMAGE_PIXELS: '5000',
    MAX_IMAGE_MEMORY: '1 GiB',
    UNFINISHED_UPLOAD_SECONDS: '3600',
    IDEMPOTENCY_SECONDS: '7200',
    MAX_UNFINISHED_UPLOADS: '5',
    MAX_UNFINISHED_BYTES: '10 GiB',
    MAX_USER_UNFINISHED_BYTES: '1 GiB',
    MIN_FREE_BYTES: '0',
    ALLOWED_EXTENSIONS: '.PNG, jpg,,  Tar.GZ ',
    REFUSED_EXTENSIONS: 'exe',
    MAX_QUERY_SIZE: '64k',
    UPLOAD_IDLE_SECONDS: '5',
    EVENT_RETENTION_SECONDS: '3600',
    AUDIT_RETENTION_SECONDS: '7200',
    AUDIT_DOWNLOADS: 'true',
    DRAIN_SECONDS: '10',
    SWEEP_HOURS: '9',
    MAX_CONNECTIONS_PER_USER: '11',
    MAX_SUBSCRIPTIONS_PER_USER: '12',
    MAX_SUBSCRIPTIONS_PER_KEY: '13',
    MAX_DISTINCT_SUBSCRIPTIONS_PER_USER: '14',
    MAX_DISTINCT_SUBSCRIPTIONS_PER_KEY: '15',
    MAX_THUMBNAIL_BYTES: '1 KiB',
    MAX_REQUESTS_PER_ADDRESS: '0',
    MAX_REQUESTS_PER_USER: '16',
    MAX_REQUESTS_PER_KEY: '17',
    SLOW_READER_SECONDS: '7',
    MIN_UPLOAD_RATE: '2 KiB',
    TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, ::1/128, uniquelocal',
    CORS_ORIGINS: 'https://a.example.com, https://b.example.com',
    LEGACY_APIS: 'kanboard, cor',
    LOG_LEVEL: 'silent',
  });
  expect(config).toEqual({
    port: 8080,
    host: '::',
    publicUrl: 'https://files.example.com',
    dataDir: '/var/lib/attache',
    database: { kind: 'postgres', url: 'postgresql://attache:secret@db.example.com/attache?sslmode=require' },
    storage: {
      kind: 's3',
      location: parseS3Url('s3://bucket/files?region=eu-central-1'),
      partialFilesIn: '/var/lib/attache/files/unfinished',
      downloads: 'redirect',
    },
    smallFileSize: 65_536,
    adminKey: 'a-key-of-mine',
    demo: false,
    jwtProviders: [],
    jwtKeyMs: 0,
    limits: {
      maxFileSize: 500 * 1024 ** 2,
      maxFiles: 3,
      maxProjectBytes: 2 * 1024 ** 4,
      maxProjectFiles: 1000,
      maxQueryCost: 1000,
      maxQueryDepth: 12,
      maxQueryAliases: 50,
      maxQueryDirectives: 51,
      maxQueryFragments: 52,
      maxQueryTokens: 5300,
      maxQueryMs: 2000,
      maxAnswerSize: 4 * 1024 ** 2,
      maxInlineSize: 1024 ** 2,
      sessionIdleMs: 60_000,
      maxImagePixels: 5000,
      maxImageMemory: 1024 ** 3,
      unfinishedMs: 3_600_000,
      idempotencyMs: 7_200_000,
      maxUnfinishedUploads: 5,
      maxUnfinishedBytes: 10 * GIB,
      maxUserUnfinishedBytes: GIB,
      minFreeBytes: 0,
      maxConnectionsPerUser: 11,
      maxSubscriptionsPerUser: 12,
      maxSubscriptionsPerKey: 13,
      maxDistinctSubscriptionsPerUser: 14,
      maxDistinctSubscriptionsPerKey: 15,
      maxThumbnailBytes: 1024,
      maxRequestsPerAddress: Number.POSITIVE_INFINITY,
      maxRequestsPerUser: 16,
      maxRequestsPerKey: 17,
      allowedExtensions: ['png', 'jpg', 'tar.gz'],
      refusedExtensions: ['exe'],
    },
    legacyApis: ['kanboard', 'cor'],
    maxQuerySize: 64 * 1024,
    introspection: 'none',
    trustedDocuments: 'documents.json',
    minUploadRate: 2048,
    trustedProxies: ['127.0.0.1', '10.0.0.0/8', '::1/128', 'uniquelocal'],
    uploadIdleMs: 5000,
    eventRetentionMs: 3_600_000,
    auditRetentionMs: 7_200_000,
    auditDownloads: true,
    sweepMs: 32_400_000,
    drainMs: 10_000,
    slowReaderMs: 7000,
    corsOrigins: ['https://a.example.com', 'https://b.example.com'],
    logLevel: 'silent',
    logRequests: true,
    metrics: undefined,
    tracing: undefined,
  });
});

test('unknown variables are ignored', () => {
  expect(readConfig({ PATH: '/usr/bin', PORTS: 'many', max_files: 'none' })).toEqual(defaults);
});

test('a relative DATA_DIR is resolved against the working directory', () => {
  expect(readConfig({ DATA_DIR: 'elsewhere' }).dataDir).toBe(join(process.cwd(), 'elsewhere'));
});

describe('the demo workspace', () => {
  test.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ NODE_ENV: 'development' }, true],
    [{ NODE_ENV: 'production' }, false],
    [{ NODE_ENV: 'production', ATTACHE_DEMO: 'true' }, true],
    [{ ATTACHE_DEMO: 'off' }, false],
    [{ ATTACHE_DEMO: '0' }, false],
    [{ ATTACHE_DEMO: '1' }, true],
  ])('the environment %o sets demo to %s', (env, demo) => {
    expect(readConfig(env).demo).toBe(demo);
  });
});

describe('MAX_FILE_SIZE', () => {
  test.each<[string, number]>([
    ['1', 1],
    ['5368709120', 5 * GIB],
    ['10B', 10],
    ['1k', 1024],
    ['1 KB', 1024],
    ['1KiB', 1024],
    ['1.5 MiB', 1.5 * 1024 ** 2],
    ['500MB', 500 * 1024 ** 2],
    ['5 GiB', 5 * GIB],
    [' 2 g ', 2 * GIB],
    ['1T', 1024 * GIB],
  ])('%s is %i bytes', (text, bytes) => {
    expect(readConfig({ MAX_FILE_SIZE: text }).limits.maxFileSize).toBe(bytes);
  });

  test.each(['0', '-1', 'big', '5 GiBB', '1e9', '1,5 GB', '0.1', 'k', '9999999999 TiB', ' '])(
    'rejects "%s" as a size',
    (text) => {
      expect(problems({ MAX_FILE_SIZE: text })).toContain('MAX_FILE_SIZE');
    },
  );
});

describe('rejects an invalid value with an error that names the variable', () => {
  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', 'http'],
    ['PORT', '80.5'],
    ['PUBLIC_URL', 'files.example.com'],
    ['PUBLIC_URL', 'ftp://files.example.com'],
    ['DATABASE_URL', 'localhost:5432/attache'],
    ['DATABASE_URL', 'mysql://localhost/attache'],
    ['DATABASE_URL', 'attache.db'],
    ['DATABASE_URL', 'postgres://ada@localhost'],
    ['DATABASE_URL', 'postgres://ada@localhost/'],
    ['STORAGE_URL', 'bucket'],
    ['STORAGE_URL', 's3://'],
    ['STORAGE_URL', 'https://bucket.s3.amazonaws.com'],
    ['STORAGE_URL', 's3://bucket?zone=1'],
    ['STORAGE_URL', 's3://key@bucket'],
    ['STORAGE_URL', 's3://key:50%@bucket'],
    ['STORAGE_URL', 's3://bucket?endpoint=minio'],
    ['STORAGE_URL', 's3://bucket?endpoint=https://'],
    ['STORAGE_URL', 's3://bucket?timeoutSeconds=0'],
    ['STORAGE_URL', 's3://bucket?forcePathStyle=True'],
    ['STORAGE_URL', 's3://bucket?checksums=0'],
    ['DOWNLOADS', 'redirect'],
    ['DOWNLOADS', 'never'],
    ['SMALL_FILE_SIZE', '2 MiB'],
    ['SMALL_FILE_SIZE', '-1'],
    ['ATTACHE_ADMIN_KEY', 'short'],
    ['ATTACHE_ADMIN_KEY', 'with a space in it'],
    ['ATTACHE_ADMIN_KEY', 'schlüsselchen'],
    ['ATTACHE_ADMIN_KEY', 'k'.repeat(201)],
    ['ATTACHE_DEMO', 'maybe'],
    ['MAX_FILES', '0'],
    ['MAX_FILES', 'many'],
    ['MAX_QUERY_SIZE', 'huge'],
    ['MAX_QUERY_ALIASES', '0'],
    ['MAX_QUERY_SECONDS', '0'],
    ['MAX_ANSWER_SIZE', 'huge'],
    ['UPLOAD_IDLE_SECONDS', '0'],
    ['EVENT_RETENTION_SECONDS', '0'],
    ['AUDIT_RETENTION_SECONDS', '0'],
    ['AUDIT_DOWNLOADS', 'perhaps'],
    ['SLOW_READER_SECONDS', '0'],
    ['DRAIN_SECONDS', '301'],
    ['LOG_LEVEL', 'loud'],
    ['CORS_ORIGINS', 'example.com'],
    ['CORS_ORIGINS', 'https://example.com/app'],
    ['CORS_ORIGINS', 'https://example.com, https://*.example.com'],
    ['ALLOWED_EXTENSIONS', '*.pdf'],
    ['REFUSED_EXTENSIONS', 'exe, bin/sh'],
    ['REFUSED_EXTENSIONS', 'exe;bat'],
    ['REFUSED_EXTENSIONS', 'exe.'],
    ['ALLOWED_EXTENSIONS', 'pdf|doc'],
  ])('%s=%s', (name, value) => {
    const lines = problems({ [name]: value })
      .split('\n')
      .slice(1);
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^\\s+${name} \\S`))]);
  });
});

test('every problem is listed at once', () => {
  const env = {
    PORT: 'http',
    PUBLIC_URL: 'nowhere',
    DATABASE_URL: 'postgres://localhost',
    STORAGE_URL: 's3://key@bucket',
    ATTACHE_ADMIN_KEY: 'short',
    ATTACHE_DEMO: 'maybe',
    MAX_FILE_SIZE: 'big',
    MAX_FILES: '0',
    MAX_QUERY_SIZE: 'huge',
    UPLOAD_IDLE_SECONDS: 'soon',
    LOG_LEVEL: 'loud',
  };
  const listed = problems({ ...env, HOST: 'localhost' });
  expect(Object.keys(env).filter((name) => !listed.includes(name))).toEqual([]);
  expect(listed).not.toContain('HOST');
});

test('a contradiction is listed beside invalid values', () => {
  const listed = problems({ PORT: 'http', DOWNLOADS: 'redirect' });
  expect(listed).toMatch(/PORT .*\n.*DOWNLOADS can be "redirect" only with a STORAGE_URL/);
});

test('the port of the metrics is another one, or of another address', () => {
  const same = { PORT: '4000', METRICS_PORT: '4000' };
  for (const HOST of ['127.0.0.1', '0.0.0.0', '::'])
    expect(problems({ ...same, HOST })).toContain('METRICS_PORT must be another port than PORT');
  expect(readConfig({ ...same, HOST: '10.0.0.1' }).metrics?.port).toBe(4000);
  expect(readConfig({ PORT: '0', METRICS_PORT: '0' }).metrics?.port).toBe(0);
});

test('DOWNLOADS=redirect is no second problem when STORAGE_URL is invalid', () => {
  expect(problems({ STORAGE_URL: 's3://key@bucket', DOWNLOADS: 'redirect' })).not.toContain('DOWNLOADS');
});

test('error messages contain no invalid key or password, because they are logged', () => {
  expect(problems({ ATTACHE_ADMIN_KEY: 'my secret' })).not.toContain('my secret');
  expect(problems({ DATABASE_URL: 'mysql://ada:my-secret@localhost/attache' })).not.toContain('my-secret');
  expect(problems({ STORAGE_URL: 's3://key:my-secret%@bucket' })).not.toContain('my-secret');
});
