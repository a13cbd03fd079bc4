import type { RecentDownloads } from './audit/recent-downloads.ts';
import type { AttachedPlace } from './auth/access-sql.ts';
import type { UploadGrant } from './auth/guest.ts';
import type { Viewer } from './auth/permissions.ts';
import type { Limits } from './config/limits.ts';
import type { EntityManager } from './database/database.ts';
import type { Events } from './events/events.ts';
import type { Storage } from './storage/storage.ts';

/**
 * What a transport passes to the domain: the viewer, and the limits of the request. It holds no
 * entity manager and no storage; the domain gets them from `contextOf`.
 */
export interface RequestContext {
  /** The user behind the credentials. */
  viewer: Viewer;
  /**
   * Set while the viewer is represented by the bearer of an upload token: then uploads stay within
   * the grant, and belong to the token.
   */
  uploadGrant?: UploadGrant | undefined;
  limits: Limits;
  events: Pick<Events, 'epoch' | 'cursorOf'>;
  now: () => Date;
  log: Log;
  /** The client of the request; undefined for work of the server itself. */
  client: Client | undefined;
  /** What the request may still use. */
  budget: RequestBudget;
  /**
   * Keeps the response of the request from being sent until the promise is fulfilled. With it, the
   * domain may return what a power cut can still undo. Undefined for transports that respond as soon
   * as the domain returns.
   */
  holdResponse?: ((until: Promise<void>) => void) | undefined;
}

/** From where a request came. */
export interface Client {
  /** The address of the client; of an IPv6 address the network, as in `2001:db8:1:2::/64`. */
  address: string;
  /** The id of the request, by which its log lines are found. */
  requestId: string;
}

/** What the domain works with: a request, and one unit of work on the persistence. */
export interface Context extends RequestContext {
  em: EntityManager;
  storage: Storage;
  /** When the request was authenticated. */
  startedAt: Date;
  /** The viewer at the end of a long request; see `auth/current-credentials.ts`. */
  currentViewer(ctx: Context): Promise<Viewer>;
  events: Events;
  /** The downloads in the audit log of late; undefined where downloads are not recorded. */
  recordedDownloads: RecentDownloads | undefined;
  /** The secret with which links are signed. */
  linkSecret: Buffer;
  /** The key with which signing keys are encrypted. */
  keyEncryptionKey: Buffer;
  /** How long a key may outlive the token that it is created with, in milliseconds from then. */
  jwtKeyMs: number;
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
   * Runs the query of a page, when the queue serves the user. Must not be called within another, or
   * within `scan`. Throws `BadUserInputError` when the queries and scans of the request took longer
   * than `maxQueryMs`, and `RateLimitedError` when the wait takes too long.
   */
  query<T>(run: () => Promise<T>): Promise<T>;
  /**
   * The same for a query that may read a whole table; see `database/scans.ts`. Scans have a queue
   * of their own, so that no page waits for one.
   */
  scan<T>(run: () => Promise<T>): Promise<T>;
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

export type { JwtProvider } from './config/jwt.ts';
export type { JwtKeys } from './config/jwt-keys.ts';
export type { Limits } from './config/limits.ts';
