import { BlobMissingError, InsufficientStorageError } from '../errors.ts';
import type { BlobWriter, ByteRange, ResumedBlob, StagedBlob, Storage, StoredBlob } from './storage.ts';

/** Observes what the storage does. Its functions are fast, and never throw. */
export interface StorageObserver {
  /** The first bytes of an upload were received. The result is called when no more will come. */
  uploading(): () => void;
  received(bytes: number): void;
  /** The bytes of a file were stored. */
  stored(): void;
  /** Bytes of a file were sent to a client. */
  sent(bytes: number): void;
  /** An operation failed, and not because the storage is full or a blob is missing. */
  failed(operation: string): void;
}

/** Runs an operation, and reports its failure. */
type Watch = <T>(operation: string, run: () => Promise<T>) => Promise<T>;

/** The same storage, observed; and by a tracer, which sees only how long uploads take. */
export function observeStorage(
  storage: Storage,
  metrics: StorageObserver,
  trace?: StorageObserver['uploading'],
): Storage {
  const observer = trace ? { ...metrics, uploading: () => both(metrics.uploading(), trace()) } : metrics;
  const watch: Watch = async (operation, run) => {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof BlobMissingError || error instanceof InsufficientStorageError)) observer.failed(operation);
      throw error;
    }
  };
  const observed = (blob: StoredBlob): StoredBlob => ({
    size: blob.size,
    async send(destination, range) {
      await blob.send(destination, range); // it also rejects when the client leaves
      observer.sent(bytesIn(range));
    },
    [Symbol.asyncDispose]: () => blob[Symbol.asyncDispose](),
  });
  const { direct } = storage;
  return {
    ...storage,
    stage: () => new ObservedStagedBlob(storage.stage(), observer, watch),
    resume: (key, from) => new ObservedResumedBlob(storage.resume(key, from), observer, watch),
    open: async (key) => observed(await watch('open', () => storage.open(key))),
    delete: (key) => watch('delete', () => storage.delete(key)),
    check: () => watch('check', () => storage.check()),
    ...(direct && {
      direct: {
        ...direct,
        accept: async (key) => {
          await watch('accept', () => direct.accept(key));
          observer.stored();
        },
      },
    }),
  };
}

const both = (first: () => void, second: () => void) => () => {
  first();
  second();
};

const bytesIn = ({ start, end }: ByteRange): number => Math.max(0, end - start + 1);

class ObservedBlob<Blob extends BlobWriter> implements BlobWriter {
  protected readonly blob: Blob;
  readonly #observer: StorageObserver;
  protected readonly watch: Watch;
  #end: (() => void) | undefined;
  #isStored = false;

  constructor(blob: Blob, observer: StorageObserver, watch: Watch) {
    this.blob = blob;
    this.#observer = observer;
    this.watch = watch;
  }

  write(chunk: Uint8Array): boolean {
    this.#end ??= this.#observer.uploading();
    this.#observer.received(chunk.length);
    return this.blob.write(chunk);
  }

  drained(): Promise<void> {
    return this.blob.drained();
  }

  async end(): Promise<void> {
    try {
      await this.watch('end', () => this.blob.end());
    } finally {
      this.#end?.();
    }
  }

  async commit(): Promise<string> {
    const key = await this.watch('commit', () => this.blob.commit());
    if (!this.#isStored) this.#observer.stored();
    this.#isStored = true;
    return key;
  }

  get pending() {
    return this.blob.pending;
  }

  release(): void {
    this.blob.release?.();
  }

  async discard(): Promise<void> {
    this.#end?.();
    await this.blob.discard();
  }
}

class ObservedStagedBlob extends ObservedBlob<StagedBlob> implements StagedBlob {
  get head(): Uint8Array {
    return this.blob.head;
  }
}

class ObservedResumedBlob extends ObservedBlob<ResumedBlob> implements ResumedBlob {
  sync(): Promise<void> {
    return this.watch('sync', () => this.blob.sync());
  }
}
