import type { Writable } from 'node:stream';
import type { EntityManager } from '../database/database.ts';
import type { DiskSpace } from './disk-space.ts';

/** Bytes `start` to `end`, both included and counted from 0, as HTTP counts them. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Where bytes are stored. It stores bytes under keys, independent of names, types, users and rows.
 *
 * It does not promise to notice that a key is no longer needed, nor to store the same bytes once.
 * A back end throws `InsufficientStorageError` when it is full; its other errors are its own.
 */
export interface Storage extends AsyncDisposable {
  /** How many bytes of its beginning a staged blob keeps in memory. */
  readonly headBytes: number;
  /** Begins to store new bytes. Nothing is visible under a key before `commit`. */
  stage(): StagedBlob;
  /** A key for a resumable upload; nothing is visible under it before `commit`. */
  newKey(): string;
  /**
   * Continues the bytes of such a key after the first `from`, and drops those after them.
   * `commit()` returns that key, or another one for bytes that are `pending`, and may be called
   * again after a crash.
   */
  resume(key: string, from: number): ResumedBlob;
  /** The `length` bytes of such a key, if they are on this machine and not committed. */
  readPartial(key: string, length: number): Promise<Buffer | undefined>;
  /** Removes such bytes, which were committed under another key. */
  removePartial(key: string): Promise<void>;
  /**
   * The first `length` bytes of such a key, before or after `commit`, in chunks that the reader may
   * keep.
   */
  readUnfinished(key: string, length: number): AsyncIterable<Uint8Array>;
  /**
   * Opens stored bytes. A download in progress completes when they are deleted meanwhile. Throws
   * `BlobMissingError`.
   */
  open(key: string): Promise<StoredBlob>;
  /** Deletes the bytes of a key, if there are any, and what was derived from them. */
  delete(key: string): Promise<void>;
  /** Deletes what was derived from the bytes of a key: all of it, or what has that name. */
  deleteDerived(key: string, name?: string): Promise<void>;
  /**
   * Stores something small that was derived from the bytes and can be made again. It may be lost,
   * and is deleted with them; for bytes that are deleted already nothing is stored. `isStored` says
   * whether they are, where another back end has them.
   */
  storeDerived(key: string, name: string, bytes: Uint8Array, isStored?: () => Promise<boolean>): Promise<void>;
  /** Opens what was derived from the bytes, if it exists. */
  openDerived(key: string, name: string): Promise<StoredBlob | undefined>;
  /**
   * A URL at which a client reads the bytes itself, without credentials, for a while. Not every
   * back end has one, and not for all bytes.
   */
  presignedUrl?(key: string, link: PresignedReadOptions): Promise<string | undefined>;
  /** The bytes that are stored in the database. Not every back end stores any there. */
  rows?: BlobRows;
  /** How clients upload into the storage themselves. Not every back end allows it. */
  direct?: DirectUploads;
  /** The free space of the local file systems to which uploads and rows are written. */
  readonly space: Pick<DiskSpace, 'read' | 'estimate'>;
  /** About how many bytes the storage can hold in all, as of when it was opened. */
  readonly capacity: number;
  /** Throws when the storage cannot be reached. */
  check(): Promise<void>;
  /**
   * Every key that has bytes, in no order. Keys that are stored or deleted meanwhile may be among
   * them or not.
   */
  list(): AsyncIterable<StoredKey>;
  /**
   * Removes staged bytes that were last written before that moment: they are abandoned. Returns how
   * many.
   */
  removeStaged(before: Date): Promise<number>;
}

/**
 * Bytes in the database. They are written and deleted in the transaction of the rows that name
 * their keys: it changes both or neither.
 */
export interface BlobRows {
  /** Inserts bytes. A key that has some already has the same, which are not written again. */
  insert(em: EntityManager, blobs: readonly PendingBlob[]): Promise<void>;
  /** Deletes the bytes of those keys that have some in the database. `delete` removes the rest. */
  delete(em: EntityManager, keys: readonly string[]): Promise<void>;
}

export interface PendingBlob {
  key: string;
  bytes: Buffer;
}

export interface PresignedReadOptions {
  contentType: string;
  /** The header `Content-Disposition` of the response. */
  disposition: string;
  seconds: number;
}

/**
 * Uploads of clients, to where they cannot be read. A presigned URL cannot be revoked, so the bytes
 * are copied, within the storage, to where only this server writes.
 */
export interface DirectUploads {
  /** The most bytes of one upload. */
  readonly maxSize: number;
  /**
   * The URL to which a client sends the bytes of a key with `PUT`, and the headers that it has to
   * send.
   */
  presignedUrl(key: string, link: PresignedWriteOptions): Promise<{ url: string; headers: Record<string, string> }>;
  /** What was uploaded, if anything was; the hash, in hex, only if the storage has verified it. */
  stat(key: string): Promise<{ size: number; sha256: string | undefined } | undefined>;
  /** Copies what was uploaded to the key. Throws `BlobMissingError`. */
  accept(key: string): Promise<void>;
  /** Removes what was uploaded. */
  remove(key: string): Promise<void>;
}

export interface PresignedWriteOptions {
  /** In bytes. */
  size: number;
  /** In hex. */
  sha256: string;
  seconds: number;
}

export interface StoredKey {
  key: string;
  /** In bytes. */
  size: number;
  /** When the bytes were stored under the key. */
  storedAt: Date;
  /** Whether the bytes are in the database, beside the rows of files. */
  isInDatabase?: boolean;
}

/** Takes the bytes of a blob. */
export interface BlobWriter {
  /**
   * Copies the chunk before it returns, so that the caller may reuse its memory. Returns false when
   * the caller should wait for `drained()` before it writes more. `end()` rejects with its errors.
   */
  write(chunk: Uint8Array): boolean;
  /** Fulfils when more may be written, or when writing failed. */
  drained(): Promise<void>;
  /**
   * Fulfils when every byte is safe from a power cut, or waits in memory to be `pending`; nothing
   * may be written after it.
   */
  end(): Promise<void>;
  /** After `end()`: stores the bytes under a key, durably unless `pending`, and returns the key. */
  commit(): Promise<string>;
  /**
   * After `commit()`: bytes that the transaction has to insert which names the key. Undefined for
   * bytes that are stored already.
   */
  readonly pending?: PendingBlob | undefined;
  /** Frees the memory of pending bytes, after that transaction was committed. */
  release?(): void;
  /** Stops writing and removes the bytes, whether staged or committed. */
  discard(): Promise<void>;
}

/** New bytes. */
export interface StagedBlob extends BlobWriter {
  /** The first bytes, up to `headBytes`. Valid until `commit()` or `discard()`. */
  readonly head: Uint8Array;
}

/** A resumable upload. `end()` keeps its bytes for the next request, `discard()` removes them. */
export interface ResumedBlob extends BlobWriter {
  /**
   * Fulfils when every byte written so far is safe from a power cut. Nothing may be written
   * meanwhile.
   */
  sync(): Promise<void>;
}

export interface StoredBlob extends AsyncDisposable {
  /** In bytes. */
  readonly size: number;
  /**
   * Writes the range to `destination` at its pace, and leaves it open. Rejects when either side
   * fails.
   */
  send(destination: Writable, range: ByteRange): Promise<void>;
}
