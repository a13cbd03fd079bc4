import { type ChildProcess, fork } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { ThumbnailReply, ThumbnailRequest } from './decoder-protocol.ts';

/**
 * How long the bytes of an image may take to arrive from the storage, and then the thumbnail to be
 * made.
 */
const READING_MS = 60_000;
const DECODING_MS = 12_000;
/** The timeout of the decoder itself. The process is killed when that does not stop it. */
const TIMEOUT_SECONDS = 10;
/** How long the process waits for the next image before it ends. */
const IDLE_MS = 10_000;
/**
 * A process that holds more memory than this after an image is replaced: it would limit the next
 * image.
 */
const MAX_IDLE_BYTES = 112 * 1024 * 1024;

const script = new URL(
  import.meta.url.endsWith('.ts') ? './decoder-process.ts' : './decoder-process.js',
  import.meta.url,
);

/** The image cannot be decoded within the limits. */
export class UnreadableImageError extends Error {
  override readonly name = 'Unreadable';
}

/** Writes all bytes of the image to a stream, which copies each chunk before its callback. */
export type Source = (destination: Writable) => Promise<void>;

/** The idle process, and the function that claims it. */
let idle: { child: ChildProcess; claim(): void } | undefined;

/**
 * Makes a thumbnail in the decoder process, which is started if none is idle. Must not be called
 * concurrently. Throws `UnreadableImageError`, also when the process reaches a limit or crashes,
 * and whatever `source` throws.
 */
export async function makeThumbnail(
  request: Omit<ThumbnailRequest, 'timeoutSeconds'>,
  source: Source,
): Promise<Uint8Array> {
  const child = acquireProcess();
  const reply = Promise.withResolvers<ThumbnailReply>();
  reply.promise.catch(() => {}); // Its rejection is handled below.
  const onMessage = (message: unknown) => reply.resolve(message as ThumbnailReply);
  const onExit = (code: unknown, signal: unknown) =>
    reply.reject(new UnreadableImageError(`The decoder process was ended (${signal ?? code}).`));
  child.once('message', onMessage).once('exit', onExit).once('error', reply.reject);
  // A failure to send means that the process has ended, which `onExit` handles.
  child.send({ ...request, timeoutSeconds: TIMEOUT_SECONDS } satisfies ThumbnailRequest, () => {});
  let unreadable: string;
  const sending = source(child.stdin as Writable);
  try {
    await killAfter(READING_MS, child, Promise.race([sending, reply.promise]));
    const answer = await killAfter(DECODING_MS, child, reply.promise);
    child.off('exit', onExit).off('error', reply.reject);
    keepIdle(child, answer.residentBytes);
    if ('thumbnail' in answer) return answer.thumbnail;
    unreadable = answer.unreadable;
  } catch (error) {
    // The process may still wait for bytes, or hold memory of the image.
    child.kill('SIGKILL');
    await sending.catch(() => {}); // The caller must not close the blob while it is read.
    throw error;
  }
  throw new UnreadableImageError(unreadable);
}

/** Kills the process when the work takes longer than `ms`, which makes the work reject. */
async function killAfter<Result>(ms: number, child: ChildProcess, work: Promise<Result>): Promise<Result> {
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

function acquireProcess(): ChildProcess {
  const waiting = idle;
  if (!waiting) return startProcess();
  waiting.claim();
  return waiting.child;
}

function startProcess(): ChildProcess {
  const child = fork(script, [], {
    // The environment of the server has secrets, which a compromised decoder must not see.
    env: { MALLOC_ARENA_MAX: '2' },
    execArgv: ['--max-old-space-size=64', '--max-semi-space-size=1'],
    serialization: 'advanced',
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
  });
  child.on('error', () => {}); // `makeThumbnail` handles it.
  child.stdin?.on('error', () => {}); // The process has ended, which `onExit` handles.
  // The process does not keep the server running, and ends with it.
  child.unref();
  child.channel?.unref();
  (child.stdin as { unref?(): void } | null)?.unref?.();
  return child;
}

function keepIdle(child: ChildProcess, residentBytes: number): void {
  if (residentBytes > MAX_IDLE_BYTES) {
    child.kill('SIGKILL');
    return;
  }
  // A process that has ended is no longer idle.
  const claim = () => {
    idle = undefined;
    clearTimeout(timer);
    child.off('exit', claim).off('disconnect', claim);
  };
  const timer = setTimeout(() => {
    claim();
    child.kill('SIGKILL');
  }, IDLE_MS).unref();
  idle = { child, claim };
  child.once('exit', claim).once('disconnect', claim);
}
