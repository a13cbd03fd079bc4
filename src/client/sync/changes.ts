import { watch } from 'node:fs';
import { pause } from 'attache-client/retry';
import type { ClientContext } from '../client-command.ts';
import { documents } from '../documents.ts';
import { ClientError, messageOf } from '../errors.ts';
import { filePages } from '../remote-files.ts';
import { openSubscriptions, subscriptionEnded, subscriptionError } from '../subscriptions.ts';

/** How long the folder and the place have to be quiet after a change, in milliseconds. */
const QUIET_MS = 500;
/** How long a change waits at most when others follow without end, in milliseconds. */
const MAX_WAIT_MS = 15_000;

/** Collects changes of both sides until the next run. */
export class Changes {
  readonly #signal: AbortSignal;
  #isChanged = false;
  #failure: { error: unknown } | undefined;
  #wake = () => {};

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  readonly changed = (): void => {
    this.#isChanged = true;
    this.#wake();
  };

  /** Ends the present wait, or the next one, with an error. */
  readonly fail = (error: unknown): void => {
    this.#failure ??= { error };
    this.#wake();
  };

  /**
   * Resolves after the next change, when it has been quiet for a while, and without one after
   * `timeoutMs`. Rejects with the error of `fail`, and with the reason of the signal.
   */
  async next(timeoutMs: number): Promise<void> {
    const waiting = new AbortController();
    this.#wake = () => waiting.abort();
    if (!this.#isChanged && !this.#failure)
      await pause(timeoutMs, AbortSignal.any([this.#signal, waiting.signal])).catch(() => {});
    const until = Date.now() + MAX_WAIT_MS;
    while (this.#isChanged && !this.#failure && Date.now() < until) {
      this.#isChanged = false;
      await pause(QUIET_MS, this.#signal);
    }
    this.#signal.throwIfAborted();
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
    this.#isChanged = false;
  }
}

/**
 * Reports changes of the files of a folder, but not of those that this command makes for itself.
 */
export function watchFolder(folder: string, { output }: ClientContext, changes: Changes): Disposable {
  try {
    const watcher = watch(folder, (_event, name) => {
      if (!name?.startsWith('.')) changes.changed();
    });
    watcher.on('error', (error) => changes.fail(error));
    return { [Symbol.dispose]: () => watcher.close() };
  } catch (error) {
    // Some systems limit how much may be watched, and some file systems cannot be watched.
    output.note(`${folder} cannot be watched: ${messageOf(error)}. It is read from time to time instead.`);
    return { [Symbol.dispose]: () => {} };
  }
}

/**
 * Reports changes of the files of a place after a position in its log, however often it reconnects.
 */
export function watchPlace(context: ClientContext, on: string, after: string, changes: Changes): AsyncDisposable {
  const { connection, signal } = context;
  const subscriptions = openSubscriptions(context);
  subscriptions.client.subscribe(
    { query: documents.fileEvents, variables: { on, after } },
    {
      // Also for an event that could not be sent: each run reads the whole list.
      next: changes.changed,
      error: (error) => changes.fail(subscriptionError(connection, error)),
      complete: () => changes.fail(subscriptionEnded()),
    },
    {
      async onCursorExpired() {
        for await (const { eventCursor } of filePages(connection, on, { signal, pageSize: 1 })) {
          changes.changed();
          return eventCursor;
        }
        throw new ClientError(`Not found: ${on}`, { code: 'NOT_FOUND' });
      },
    },
  );
  return subscriptions;
}
