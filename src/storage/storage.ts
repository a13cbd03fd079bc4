import type { Writable } from 'node:stream';
import type { DiskSpace } from './disk-space.ts';

/** Bytes `start` to `end`, both included and counted from 0, as HTTP counts them. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Where bytes are kept. It knows keys and bytes, and nothing of names, types, users or rows.
 *
 * It does not promise to notice that a key is no longer needed, nor that the same bytes are stored once.
 * A back end throws `InsufficientStorage` when it is full; its other errors are its own.
 */
export interface Storage extends AsyncDisposable {
  /** Opens a place for new bytes. Nothing is visible under a key until `commit`. */
  stage(): StagedBlob;
  /** A key for bytes that come in several requests; nothing is under it before they are committed. */
  newKey(): string;
  /**
   * Goes on with the bytes for such a key after the first `from`, and forgets what came behind them. `commit()` answers that
   * key, and may be asked again after a crash.
   */
  resume(key: string, from: number): ResumedBlob;
  /** The first `length` bytes that came for such a key, in chunks that are the reader's own, before or after `commit`. */
  readUnfinished(key: string, length: number): AsyncIterable<Uint8Array>;
  /** Opens stored bytes. What is being sent is sent to its end, even when deleted meanwhile. Throws `BlobMissingError`. */
  open(key: string): Promise<StoredBlob>;
  /** Deletes the bytes, and what was made of them; a key that holds none is fine. */
  delete(key: string): Promise<void>;
  /**
   * Keeps something small that was made of the bytes and can be made again. It may be lost, and goes with them: for bytes that
   * are gone already nothing is kept.
   */
  keepDerived(key: string, name: string, bytes: Uint8Array): Promise<void>;
  /** Opens what was made of the bytes, if it is there. */
  openDerived(key: string, name: string): Promise<StoredBlob | undefined>;
  /** Where a client reads the bytes itself, without credentials, for a while; where the storage has no such place, there is no method. */
  linkTo?(key: string, link: ReadLink): Promise<string>;
  /** How clients put bytes into the storage themselves, where that can be. */
  direct?: DirectUploads;
  /** The free space of the local file systems on which bytes that come, and rows, are written. */
  readonly space: Pick<DiskSpace, 'read' | 'estimate'>;
  /** About how many bytes the storage can hold at all, as it was when it was opened. */
  readonly capacity: number;
  /** Throws when the storage cannot be reached at all. */
  check(): Promise<void>;
  /** Every key that holds bytes, in no order, one by one. What is stored or deleted meanwhile may be among them or not. */
  list(): AsyncIterable<StoredKey>;
  /** Removes what was staged, and touched last before that moment: nobody comes back for it. Answers how many went. */
  removeStaged(before: Date): Promise<number>;
}

export interface ReadLink {
  contentType: string;
  /** The header `Content-Disposition` of the answer. */
  disposition: string;
  seconds: number;
}

/**
 * Bytes that clients put where they cannot be read. An address that was given away cannot be taken back, so they are copied, within
 * the storage, to where nobody but this server writes.
 */
export interface DirectUploads {
  /** How many bytes may be put at once. */
  readonly maxSize: number;
  /** Where a client puts the bytes for a key with `PUT`, and the headers that have to come with them. */
  presignedUrl(key: string, link: WriteLink): Promise<{ url: string; headers: Record<string, string> }>;
  /** What came, if anything did; the hash, in hex, only where the storage has compared it with the bytes. */
  stat(key: string): Promise<{ size: number; sha256: string | undefined } | undefined>;
  /** Puts under the key what came. Throws `BlobMissingError`. */
  accept(key: string): Promise<void>;
  /** Removes what came. */
  remove(key: string): Promise<void>;
}

export interface WriteLink {
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
  /** When the bytes came to be stored under the key. */
  storedAt: Date;
}

export interface StagedBlob {
  /**
   * Takes a copy of the chunk before it returns, so that the caller may use the chunk's memory again.
   * False when the caller should wait for `drained()` before it writes more. Errors are kept for `end()`.
   */
  write(chunk: Uint8Array): boolean;
  /** Answers when there is room to write again, or when writing failed. */
  drained(): Promise<void>;
  /** Answers when every byte written so far is safe from a power cut; nothing may be written after it. */
  end(): Promise<void>;
  /** After `end()`: puts the bytes under a key that survives a power cut, and answers the key. */
  commit(): Promise<string>;
  /** Stops writing and leaves nothing behind, whether staged or committed. */
  discard(): Promise<void>;
}

/** Bytes that come in several requests. `end()` leaves them where the next goes on, `discard()` nothing at all. */
export interface ResumedBlob extends StagedBlob {
  /** Answers when every byte written so far is safe from a power cut. Nothing may be written meanwhile. */
  sync(): Promise<void>;
}

export interface StoredBlob extends AsyncDisposable {
  /** In bytes. */
  readonly size: number;
  /** Writes the range to `destination` at its pace, and leaves it open. Rejects when either side fails. */
  send(destination: Writable, range: ByteRange): Promise<void>;
}
