import { type ChildProcess, fork } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { Picture, Reply } from './helper-protocol.ts';

/** How long the bytes of a picture may take to come from where they are kept, and then the thumbnail to be made. */
const READING_MS = 60_000;
const DECODING_MS = 12_000;
/** How long the decoder itself is given; the process is killed when even that does not end it. */
const TIMEOUT_S = 10;
/** After so long without a picture, the process ends. */
const IDLE_MS = 10_000;
/** A process that has kept more than this when a picture is done is replaced: the next picture would have less. */
const MAX_KEPT_BYTES = 112 * 1024 * 1024;

const script = new URL('./helper-process.ts', import.meta.url);

/** The picture cannot be decoded, or not within its limits. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Writes all bytes of the picture to a stream, which copies them before it says that it has taken them. */
export type Source = (destination: Writable) => Promise<void>;

/** The process that waits for a picture, and what takes it from there. */
let idle: { child: ChildProcess; leave(): void } | undefined;

/**
 * Makes a thumbnail in another process, which is started if none waits; to be called for one picture after the other.
 * Throws `Unreadable`, also when the process reaches a limit or breaks down; and what `source` throws.
 */
export async function makeThumbnail(picture: Omit<Picture, 'timeoutSeconds'>, source: Source): Promise<Uint8Array> {
  const child = takeProcess();
  const reply = Promise.withResolvers<Reply>();
  reply.promise.catch(() => {}); // told below
  const answered = (message: unknown) => reply.resolve(message as Reply);
  const ended = (code: unknown, signal: unknown) =>
    reply.reject(new Unreadable(`The process that decodes pictures was ended (${signal ?? code}).`));
  child.once('message', answered).once('exit', ended).once('error', reply.reject);
  child.send({ ...picture, timeoutSeconds: TIMEOUT_S } satisfies Picture, () => {}); // that it has ended is told by that
  let unreadable: string;
  const sending = source(child.stdin as Writable);
  try {
    await limited(READING_MS, child, Promise.race([sending, reply.promise]));
    const answer = await limited(DECODING_MS, child, reply.promise);
    child.off('exit', ended).off('error', reply.reject);
    keep(child, answer.residentBytes);
    if ('thumbnail' in answer) return answer.thumbnail;
    unreadable = answer.unreadable;
  } catch (error) {
    // It may still wait for bytes, or hold what the picture left behind.
    child.kill('SIGKILL');
    await sending.catch(() => {}); // what is read meanwhile is not closed by others
    throw error;
  }
  throw new Unreadable(unreadable);
}

/** Kills the process when the work takes longer: that ends the work. */
async function limited<Result>(ms: number, child: ChildProcess, work: Promise<Result>): Promise<Result> {
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

function takeProcess(): ChildProcess {
  const waiting = idle;
  if (!waiting) return startProcess();
  waiting.leave();
  return waiting.child;
}

function startProcess(): ChildProcess {
  const child = fork(script, [], {
    // Nothing of the server's: a decoder that is broken into finds no key in its environment.
    env: { MALLOC_ARENA_MAX: '2' },
    execArgv: ['--max-old-space-size=64', '--max-semi-space-size=1'],
    serialization: 'advanced',
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
  });
  child.on('error', () => {}); // told to whoever waits for it
  child.stdin?.on('error', () => {}); // it has ended, which is told by that
  // It keeps no server from ending, and ends with it.
  child.unref();
  child.channel?.unref();
  (child.stdin as { unref?(): void } | null)?.unref?.();
  return child;
}

function keep(child: ChildProcess, residentBytes: number): void {
  if (residentBytes > MAX_KEPT_BYTES) {
    child.kill('SIGKILL');
    return;
  }
  // Nobody is given one that is about to end.
  const leave = () => {
    idle = undefined;
    clearTimeout(timer);
    child.off('exit', leave).off('disconnect', leave);
  };
  const timer = setTimeout(() => {
    leave();
    child.kill('SIGKILL');
  }, IDLE_MS).unref();
  idle = { child, leave };
  child.once('exit', leave).once('disconnect', leave);
}
