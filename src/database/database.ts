import type { SqlEntityManager } from '@mikro-orm/sql';

export type { SqlEntityManager as EntityManager } from '@mikro-orm/sql';

export interface Database extends AsyncDisposable {
  readonly kind: 'sqlite' | 'postgres';
  /** The location, for display, without a password. */
  readonly location: string;
  /** A fresh unit of work. Take one per request; never share one between requests. */
  em(): SqlEntityManager;
  /** Runs what only one process at a time may do to this database; others wait. */
  withExclusiveLock<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * Migrates the tables, and returns the names of the migrations that ran. Call it with the
   * exclusive lock.
   */
  migrate(): Promise<string[]>;
  /**
   * Notifies the other servers on this database, and calls `onNotify` when one of them does. SQLite
   * has no others.
   */
  notifier(onNotify: () => void): Notifier;
  /** How many bytes the database takes, with its log. */
  sizeBytes(): Promise<number>;
  /** Throws when the database cannot be read. */
  check(): Promise<void>;
  /**
   * What the tables would need to match the entities; empty when they do. For the test that
   * compares them.
   */
  drift(): Promise<string>;
}

/** Notifies other servers on the same database that the log has new entries. */
export interface Notifier extends AsyncDisposable {
  /** Returns at once. */
  notify(): void;
}

/**
 * A file, which SQLite creates in an existing folder; or the `postgres://` URL of a database that
 * exists.
 */
export type DatabaseLocation = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };
