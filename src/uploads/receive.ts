import { FreeSpaceWatch } from '../budget/free-space.ts';
import type { Context, Limits } from '../context.ts';
import type { AttacheError } from '../errors.ts';
import { cleanName } from '../files/file-name.ts';
import { charsetOf } from '../files/inspect/charset.ts';
import { ContentScan } from '../files/inspect/content-scan.ts';
import { contentTypeOf } from '../files/inspect/content-type.ts';
import { dimensionsOf } from '../files/inspect/dimensions.ts';
import { runInTimeSlices } from '../files/inspect/time-slices.ts';
import type { StagedBlob, Storage } from '../storage/storage.ts';
import type { ByteAllowance } from './byte-allowance.ts';
import { assertFilesLeft, assertInlineSize, extensionFailure, sizeFailure } from './limits.ts';

/** What a file's type and dimensions are told from: enough to pass the previews that cameras put first. */
export const HEAD_BYTES = 128 * 1024;

/** What the client says of a file. Every word of it is checked. */
export interface Claim {
  name: string;
  contentType: string;
}

/** What became of one file of several: it was received, or it failed alone. */
export type ReceiveOutcome = { filename: string; file: ReceivedFile } | { filename: string; failure: AttacheError };

/**
 * The one way in for bytes, whatever door they come through: counts, limits and hashes them while they go to the
 * storage. A file that breaks a limit sets `failure`, takes no more memory or disk, and fails alone.
 */
export class FileReceiver {
  readonly #claim: Claim;
  readonly #limits: Limits;
  readonly #blob: StagedBlob;
  readonly #scan = new ContentScan();
  readonly #head: Uint8Array[] = [];
  #headBytes = 0;
  #size = 0;
  #failure: AttacheError | undefined;
  readonly #floor: FreeSpaceWatch;
  #allowance: ByteAllowance | undefined;
  /** What of the allowance this file has taken, in bytes. */
  #allowed = 0;

  constructor(storage: Storage, limits: Limits, claim: Claim) {
    this.#claim = { ...claim, name: cleanName(claim.name) };
    this.#limits = limits;
    this.#blob = storage.stage();
    this.#floor = new FreeSpaceWatch({ storage, limits });
    this.#failure = extensionFailure(this.#claim.name, limits) ?? this.#floor.check();
  }

  /** Why this file will not be kept, as soon as that is known. */
  get failure(): AttacheError | undefined {
    return this.#failure;
  }

  /** Lets the file take no more than others leave of an allowance; what has come already counts. */
  limitTo(allowance: ByteAllowance): void {
    this.#allowance ??= allowance;
    if (this.#failure) return;
    this.#failure = this.#allow();
  }

  #allow(): AttacheError | undefined {
    const bytes = this.#size - this.#allowed;
    const failure = this.#allowance?.reserve(this.#claim.name, bytes);
    if (!failure) this.#allowed = this.#size;
    return failure;
  }

  /** Takes the chunk before it returns. False when the caller should wait for `drained()`. */
  write(chunk: Uint8Array): boolean {
    if (this.#failure) return true;
    this.#size += chunk.length;
    this.#failure =
      sizeFailure(this.#claim.name, this.#size, this.#limits) ?? this.#floor.after(chunk.length) ?? this.#allow();
    if (this.#failure) return true;
    if (this.#headBytes < HEAD_BYTES) {
      // A copy: the chunk's memory is the caller's.
      const part = Uint8Array.prototype.slice.call(chunk, 0, HEAD_BYTES - this.#headBytes);
      this.#head.push(part);
      this.#headBytes += part.length;
    }
    this.#scan.update(chunk);
    return this.#blob.write(chunk);
  }

  drained(): Promise<void> {
    return this.#failure ? Promise.resolve() : this.#blob.drained();
  }

  /** Answers when the bytes are safe in their staging place. Throws why not; then nothing is left there. */
  async end(): Promise<ReceivedFile> {
    try {
      if (this.#failure) throw this.#failure;
      const content = { size: this.#size, ...this.#scan.result(), head: Buffer.concat(this.#head) };
      const facts = await inspectContent(this.#claim, content);
      await this.#blob.end();
      return new ReceivedFile(this.#blob, facts);
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  /** Stops, and leaves nothing behind. */
  async abort(): Promise<void> {
    await this.#blob.discard();
    this.#allowance?.release(this.#allowed);
    this.#allowed = 0;
  }
}

/** What is known of a file whose bytes have all come. */
export interface InspectedContent {
  name: string;
  /** In bytes. */
  size: number;
  /** In hex. */
  sha256: string;
  contentType: string;
  /** As in the column of a file. */
  charset: string | null;
  /** Of an image, in pixels; null of anything else, and where its first bytes do not say. */
  width: number | null;
  height: number | null;
}

/** What a file's facts are told from, beside the claims of the client. */
interface Content {
  /** In bytes. */
  size: number;
  /** In hex. */
  sha256: string;
  /** The first `HEAD_BYTES` bytes. */
  head: Uint8Array;
  isUtf8: boolean;
}

/** Says what a file is, by its bytes and by what the client claims of it. The name is clean already. */
export async function inspectContent(
  { name, contentType: claimed }: Claim,
  { size, sha256, head, isUtf8 }: Content,
): Promise<InspectedContent> {
  return runInTimeSlices(async () => {
    const contentType = await contentTypeOf(head, claimed, name);
    const charset = charsetOf(contentType, { claimed, head, isUtf8 });
    return { name, size, sha256, contentType, charset, ...dimensionsOf(head, contentType) };
  });
}

/**
 * Receives a file given as base64, which is in memory already. Throws `PayloadTooLargeError`,
 * `UnsupportedMediaTypeError` or `InsufficientStorageError`. The caller disposes of the file.
 */
export async function receiveInline(ctx: Context, claim: Claim, bytes: Uint8Array): Promise<ReceivedFile> {
  assertInlineSize(bytes.length, ctx.limits);
  assertFilesLeft(ctx);
  const receiver = createReceiver(ctx, claim);
  receiver.write(bytes);
  return receiver.end();
}

/** What a transport calls for each file whose bytes it reads. */
export type CreateReceiver = (claim: Claim) => FileReceiver;

/** Begins to receive a file into the storage. */
export const createReceiver = ({ storage, limits }: Pick<Context, 'storage' | 'limits'>, claim: Claim): FileReceiver =>
  new FileReceiver(storage, limits, claim);

/** A whole file in its staging place. Whoever received it disposes of it; what no row has adopted by then is gone. */
export class ReceivedFile implements AsyncDisposable {
  readonly content: Readonly<InspectedContent>;
  readonly #blob: Pick<StagedBlob, 'commit' | 'discard'>;
  #key: Promise<string> | undefined;
  #adopted = false;

  constructor(blob: Pick<StagedBlob, 'commit' | 'discard'>, facts: InspectedContent) {
    this.#blob = blob;
    this.content = facts;
  }

  /** Whether rows name its bytes already. */
  get isPersisted(): boolean {
    return this.#adopted;
  }

  /** Moves the bytes to where they stay, once, and answers the key. */
  commit(): Promise<string> {
    this.#key ??= this.#blob.commit();
    return this.#key;
  }

  /** Says that a committed row names the key. */
  markPersisted(): void {
    this.#adopted = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#adopted) return;
    await this.#key?.catch(() => {}); // its failure was told to whoever asked for the key
    await this.#blob.discard();
  }
}
