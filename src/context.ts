import type { AttachedPlace } from './auth/access-sql.ts';
import type { Viewer } from './auth/permissions.ts';
import type { EntityManager } from './database/database.ts';
import type { Events } from './events/events.ts';
import type { Storage } from './storage/storage.ts';

/**
 * What a transport passes to the domain: who asks, and within which limits. It holds no entity
 * manager and no storage; the domain gets them from `contextOf`.
 */
export interface RequestContext {
  /** The user behind the credentials. */
  viewer: Viewer;
  limits: Limits;
  events: Pick<Events, 'epoch' | 'cursorOf'>;
  now: () => Date;
  log: Log;
  /** What the request may still use. */
  budget: RequestBudget;
}

/** What the domain works with: a request, and one unit of work on the persistence. */
export interface Context extends RequestContext {
  em: EntityManager;
  storage: Storage;
  events: Events;
  /** The secret with which links are signed. */
  linkSecret: Buffer;
  /** The key with which signing keys are encrypted. */
  keyEncryptionKey: Buffer;
  /**
   * Whether a user who is not an administrator sees the place of an attachment; see
   * `workspace/attachables/places.ts`.
   */
  canUserSeePlace(em: EntityManager, userId: number, place: AttachedPlace): Promise<boolean>;
}

/**
 * The context behind a request, for the domain alone. `app.ts` creates each request context as a
 * whole context; transports import types of this file and no value.
 */
export const contextOf = (request: RequestContext): Context => request as Context;

/**
 * Counts and limits what one request uses of the server, in the same way for every transport. All
 * units of work of a request share it.
 */
export interface RequestBudget {
  /**
   * Files that the request added so far; see `uploads/limits.ts`. A transaction that is retried
   * resets it.
   */
  files: number;
  /** Uploads that the request created, whose bytes later requests send. */
  uploads: number;
  /**
   * Adds to the bytes of the response, and waits until the server has memory for them. To be called
   * before they are read, or as soon as their number is known. Throws `PayloadTooLargeError` beyond
   * `maxAnswerSize`, and `RateLimitedError` when the wait takes too long.
   */
  reserve(bytes: number): Promise<void>;
  /**
   * Waits until the server has memory for so many bytes of the written response, beyond those
   * reserved so far. Throws `RateLimitedError` when the wait takes too long.
   */
  reserveResponse(bytes: number): Promise<void>;
  /**
   * Adds a cost that is known only during the execution, such as that of a list without pages.
   * Throws `BadUserInputError` beyond `maxQueryCost`.
   */
  addCost(cost: number): void;
  /**
   * Runs a query whose cost grows with a table, when the queue serves the user. Must not be called
   * within another. Throws `BadUserInputError` when the queries of the request took longer than
   * `maxQueryMs`, and `RateLimitedError` when the wait takes too long.
   */
  query<T>(run: () => Promise<T>): Promise<T>;
  /**
   * Runs a cheap query, such as one by ids, without the queue; or as `query` does, when the request
   * had many of them before. Its time counts towards `maxQueryMs`.
   */
  lookUp<T>(run: () => Promise<T>): Promise<T>;
  /**
   * The error of the limit of the response that was exceeded. The transport then returns only this
   * error.
   */
  readonly exceeded: Error | undefined;
}

/** The log of the operator. An error is given as `err` in `details`. */
export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** The limits that the operator configures. Sizes are bytes, times milliseconds. */
export interface Limits {
  /** Bytes of one file. */
  maxFileSize: number;
  /** Files of one request. */
  maxFiles: number;
  /** Bytes and files of a project that has no limits of its own; Infinity for no limit. */
  maxProjectBytes: number;
  maxProjectFiles: number;
  /** The cost and the depth of one query; see schema/cost.ts. */
  maxQueryCost: number;
  maxQueryDepth: number;
  /** Aliases of one query. */
  maxQueryAliases: number;
  /** How long the queries of lists and counts of one request may take together. */
  maxQueryMs: number;
  /** Bytes of one response. */
  maxAnswerSize: number;
  /** Bytes of a file that is sent or returned as base64. */
  maxInlineSize: number;
  /** After how long an idle upload session is finished. */
  sessionIdleMs: number;
  /** Pixels of an image of which a thumbnail is made. */
  maxImagePixels: number;
  /** Resident bytes of the process that makes thumbnails. */
  maxImageMemory: number;
  /** How long an unfinished upload is kept after its last bytes. */
  unfinishedMs: number;
  /** Concurrent unfinished uploads of one user. */
  maxUnfinishedUploads: number;
  /**
   * Bytes of unfinished uploads and unattached files, of all users and of one; undefined for a
   * share of the capacity.
   */
  maxUnfinishedBytes: number | undefined;
  maxUserUnfinishedBytes: number | undefined;
  /**
   * Free bytes of a file system below which uploads are refused; undefined for a share of its size,
   * 0 for no such limit.
   */
  minFreeBytes: number | undefined;
  /** How long an idempotency key is valid. */
  idempotencyMs: number;
  /** Open WebSockets and streams of server-sent events of one user on all nodes. */
  maxConnectionsPerUser: number;
  /** Open subscriptions of one user, and of one API key, on all nodes. */
  maxSubscriptionsPerUser: number;
  maxSubscriptionsPerKey: number;
  /**
   * How many of these may have a topic, query or variables of their own: each is executed for every
   * event.
   */
  maxDistinctSubscriptionsPerUser: number;
  maxDistinctSubscriptionsPerKey: number;
  /** In lower case, without the dot. When not empty, files with other extensions are refused. */
  allowedExtensions: readonly string[];
  /** In lower case, without the dot. Refused even when allowed. */
  refusedExtensions: readonly string[];
}
