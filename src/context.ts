import type { AttachedPlace } from './auth/access-sql.ts';
import type { Viewer } from './auth/permissions.ts';
import type { EntityManager } from './database/open.ts';
import type { Events } from './events/hub.ts';
import type { Storage } from './storage/storage.ts';

/** What every rule is given: one unit of work of one viewer. Types only; `app.ts` picks what is behind them. */
export interface Context {
  em: EntityManager;
  storage: Storage;
  events: Events;
  viewer: Viewer;
  limits: Limits;
  /** What links are signed with. */
  linkSecret: Buffer;
  /** What keys to sign with are encrypted with. */
  sealingKey: Buffer;
  /** Whether a user who is not an administrator sees the place of an attachment; see workspace/attachables/places.ts. */
  canUserSeePlace(em: EntityManager, userId: number, place: AttachedPlace): Promise<boolean>;
  now: () => Date;
  log: Log;
  /** What the request that this is done for may still use. */
  budget: RequestBudget;
}

/**
 * What one request may use of the server, whatever it asks for and through whichever transport. All units of work of a
 * request share it.
 */
export interface RequestBudget {
  /** Files that the request added so far; see `uploads/limits.ts`. A transaction that runs again sets it back. */
  files: number;
  /** Uploads that the request began, and whose bytes come in later requests. */
  uploads: number;
  /**
   * Counts bytes of the answer, and waits until the server has memory for them: to be called before they are read, or
   * when it is known how many they are. Throws `TooLarge` past `maxAnswerSize`, `RateLimitedError` when it waited too long.
   */
  reserve(bytes: number): Promise<void>;
  /** Waits until the server has memory for the answer as it is written, beside what it has already. Throws `RateLimitedError`. */
  reserveResponse(bytes: number): Promise<void>;
  /** Counts the cost of what is only known when it is there, as of lists without pages. Throws `BadInput` past `maxQueryCost`. */
  addCost(cost: number): void;
  /**
   * Runs a query whose cost grows with a table, when it is the user's turn. Never within another. Throws `BadInput` when
   * the queries of the request took longer than `maxQueryMs`, `RateLimitedError` when it waited too long.
   */
  query<T>(run: () => Promise<T>): Promise<T>;
  /**
   * Runs a query by ids or the like, which is cheap, at once; as `query`, when the request had many of them before. Its
   * time counts.
   */
  lookUp<T>(run: () => Promise<T>): Promise<T>;
  /** The limit of the answer that was exceeded: then there is no other answer. */
  readonly exceeded: Error | undefined;
}

/** Where the operator is told of what no client needs to know. The error goes under `err`. */
export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What the operator allows. */
export interface Limits {
  /** Bytes of one file. */
  maxFileSize: number;
  /** Files of one request. */
  maxFiles: number;
  /** What a project may hold that has no limit of its own; Infinity for no limit. */
  maxProjectBytes: number;
  maxProjectFiles: number;
  /** How much one query may ask for, and how deep it may reach; see schema/cost.ts. */
  maxQueryCost: number;
  maxQueryDepth: number;
  /** How many fields of a query may have an alias. */
  maxQueryAliases: number;
  /** How long the queries of lists and counts of one request may take. */
  maxQueryMs: number;
  /** Bytes of one answer. */
  maxAnswerSize: number;
  /** Bytes of a file that is given or taken as base64. */
  maxInlineSize: number;
  /** How long an upload session may be idle before it is finished. */
  sessionIdleMs: number;
  /** Of an image of which a thumbnail is made. */
  maxImagePixels: number;
  /** Resident bytes of the process that makes thumbnails. */
  maxImageMemory: number;
  /** How long an unfinished upload is waited for, after what came of it last. */
  unfinishedMs: number;
  /** Unfinished uploads of one user at once. */
  maxUnfinishedUploads: number;
  /**
   * Bytes of unfinished uploads and of unattached files, in all and of one user; undefined for a
   * part of the capacity.
   */
  maxUnfinishedBytes: number | undefined;
  maxUserUnfinishedBytes: number | undefined;
  /**
   * Free space of a file system below which nothing is uploaded; undefined for a part of its size,
   * 0 for no such limit.
   */
  minFreeBytes: number | undefined;
  /** How long an idempotency key is remembered. */
  idempotencyMs: number;
  /** WebSockets and streams of server-sent events that one user has open at once, on all nodes. */
  maxConnectionsPerUser: number;
  /** Subscriptions that one user, or one key, has open at once, on all nodes. */
  maxSubscriptionsPerUser: number;
  maxSubscriptionsPerKey: number;
  /** Of these, how many may have a topic, query or variables of their own: each is executed for every event. */
  maxDistinctSubscriptionsPerUser: number;
  maxDistinctSubscriptionsPerKey: number;
  /** Lower-case and without the dot. When not empty, nothing else is taken. */
  allowedExtensions: readonly string[];
  /** Lower-case and without the dot; refused even when allowed. */
  refusedExtensions: readonly string[];
}
