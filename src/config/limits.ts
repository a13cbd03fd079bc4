import type { z } from 'zod';
import { byteSize, byteSizeOrNone, extensions, wholeNumber } from './values.ts';

const MIN_IMAGE_MEMORY = 128 * 1024 ** 2;

/** The environment variables that set limits, with their defaults. */
export const limitSettings = {
  MAX_FILE_SIZE: byteSize.default(5 * 1024 ** 3),
  MAX_FILES: wholeNumber(1, 10_000).default(20),
  MAX_PROJECT_BYTES: byteSize.optional(),
  MAX_PROJECT_FILES: wholeNumber(1, 2 ** 31 - 1).optional(),
  MAX_QUERY_COST: wholeNumber(100, 2 ** 31 - 1).default(50_000),
  MAX_QUERY_DEPTH: wholeNumber(5, 1000).default(20),
  MAX_QUERY_ALIASES: wholeNumber(1, 100_000).default(2500),
  MAX_QUERY_DIRECTIVES: wholeNumber(0, 100_000).default(500),
  MAX_QUERY_FRAGMENTS: wholeNumber(0, 100_000).default(2500),
  MAX_QUERY_TOKENS: wholeNumber(100, 1_000_000).default(10_000),
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
  MAX_THUMBNAIL_BYTES: byteSizeOrNone.optional(),
  UNFINISHED_UPLOAD_SECONDS: wholeNumber(1, 2_592_000).default(86_400),
  MAX_UNFINISHED_UPLOADS: wholeNumber(1, 100_000).default(200),
  MAX_UNFINISHED_BYTES: byteSize.optional(),
  MAX_USER_UNFINISHED_BYTES: byteSize.optional(),
  MIN_FREE_BYTES: byteSizeOrNone.optional(),
  IDEMPOTENCY_SECONDS: wholeNumber(1, 2_592_000).default(86_400),
  MAX_CONNECTIONS_PER_USER: wholeNumber(1, 1_000_000).default(250),
  MAX_SUBSCRIPTIONS_PER_USER: wholeNumber(1, 1_000_000).default(1000),
  MAX_SUBSCRIPTIONS_PER_KEY: wholeNumber(1, 1_000_000).default(500),
  MAX_DISTINCT_SUBSCRIPTIONS_PER_USER: wholeNumber(1, 1_000_000).default(200),
  MAX_DISTINCT_SUBSCRIPTIONS_PER_KEY: wholeNumber(1, 1_000_000).default(100),
  MAX_REQUESTS_PER_ADDRESS: wholeNumber(0, 2 ** 31 - 1).default(120_000),
  MAX_REQUESTS_PER_USER: wholeNumber(0, 2 ** 31 - 1).default(120_000),
  MAX_REQUESTS_PER_KEY: wholeNumber(0, 2 ** 31 - 1).default(60_000),
  ALLOWED_EXTENSIONS: extensions.default([]),
  REFUSED_EXTENSIONS: extensions.default([]),
};

type LimitSettings = z.output<z.ZodObject<typeof limitSettings>>;

/** The limits that the operator configures. Sizes are in bytes, times in milliseconds. */
export const limitsOf = (settings: LimitSettings) => ({
  /** Bytes of one file. */
  maxFileSize: settings.MAX_FILE_SIZE,
  /** Files of one request. */
  maxFiles: settings.MAX_FILES,
  /** Bytes and files of a project that has no limits of its own; Infinity for no limit. */
  maxProjectBytes: settings.MAX_PROJECT_BYTES ?? Number.POSITIVE_INFINITY,
  maxProjectFiles: settings.MAX_PROJECT_FILES ?? Number.POSITIVE_INFINITY,
  /** The cost and the depth of one query; see schema/cost.ts. */
  maxQueryCost: settings.MAX_QUERY_COST,
  maxQueryDepth: settings.MAX_QUERY_DEPTH,
  /** Aliases, directives and uses of fragments of one query; see schema/shape-limits.ts. */
  maxQueryAliases: settings.MAX_QUERY_ALIASES,
  maxQueryDirectives: settings.MAX_QUERY_DIRECTIVES,
  maxQueryFragments: settings.MAX_QUERY_FRAGMENTS,
  /** Tokens of one query. */
  maxQueryTokens: settings.MAX_QUERY_TOKENS,
  /** How long the queries of lists and counts of one request may take together. */
  maxQueryMs: settings.MAX_QUERY_SECONDS * 1000,
  /** Bytes of one response. */
  maxAnswerSize: settings.MAX_ANSWER_SIZE,
  /** Bytes of a file that is sent or returned as base64. */
  maxInlineSize: settings.MAX_INLINE_SIZE,
  /** After how long an idle upload session is finished. */
  sessionIdleMs: settings.SESSION_IDLE_SECONDS * 1000,
  /** Pixels of an image of which a thumbnail is made. */
  maxImagePixels: settings.MAX_IMAGE_PIXELS,
  /** Resident bytes of the process that makes thumbnails. */
  maxImageMemory: settings.MAX_IMAGE_MEMORY,
  /** Bytes of all stored thumbnails; undefined for a share of the capacity, 0 to store none. */
  maxThumbnailBytes: settings.MAX_THUMBNAIL_BYTES,
  /** How long an unfinished upload is kept after its last bytes. */
  unfinishedMs: settings.UNFINISHED_UPLOAD_SECONDS * 1000,
  /** Concurrent unfinished uploads of one user. */
  maxUnfinishedUploads: settings.MAX_UNFINISHED_UPLOADS,
  /**
   * Bytes of unfinished uploads and unattached files, of all users and of one; undefined for a
   * share of the capacity.
   */
  maxUnfinishedBytes: settings.MAX_UNFINISHED_BYTES,
  maxUserUnfinishedBytes: settings.MAX_USER_UNFINISHED_BYTES,
  /**
   * Free bytes of a file system below which uploads are refused; undefined for a share of its size,
   * 0 for no such limit.
   */
  minFreeBytes: settings.MIN_FREE_BYTES,
  /** How long an idempotency key is valid. */
  idempotencyMs: settings.IDEMPOTENCY_SECONDS * 1000,
  /** Open WebSockets and streams of server-sent events of one user on all nodes. */
  maxConnectionsPerUser: settings.MAX_CONNECTIONS_PER_USER,
  /** Open subscriptions of one user, and of one API key, on all nodes. */
  maxSubscriptionsPerUser: settings.MAX_SUBSCRIPTIONS_PER_USER,
  maxSubscriptionsPerKey: settings.MAX_SUBSCRIPTIONS_PER_KEY,
  /**
   * How many of these may have a topic, query or variables of their own: each is executed for every
   * event.
   */
  maxDistinctSubscriptionsPerUser: settings.MAX_DISTINCT_SUBSCRIPTIONS_PER_USER,
  maxDistinctSubscriptionsPerKey: settings.MAX_DISTINCT_SUBSCRIPTIONS_PER_KEY,
  /** Requests a minute, of one address, user and API key on this node; Infinity for no limit. */
  maxRequestsPerAddress: settings.MAX_REQUESTS_PER_ADDRESS || Number.POSITIVE_INFINITY,
  maxRequestsPerUser: settings.MAX_REQUESTS_PER_USER || Number.POSITIVE_INFINITY,
  maxRequestsPerKey: settings.MAX_REQUESTS_PER_KEY || Number.POSITIVE_INFINITY,
  /** In lower case, without the dot. When not empty, files with other extensions are refused. */
  allowedExtensions: settings.ALLOWED_EXTENSIONS,
  /** In lower case, without the dot. Refused even when allowed. */
  refusedExtensions: settings.REFUSED_EXTENSIONS,
});

/** The limits that the operator configures. Sizes are bytes, times milliseconds. */
export type Limits = Readonly<ReturnType<typeof limitsOf>>;
