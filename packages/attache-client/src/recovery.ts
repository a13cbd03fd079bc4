import { SignInRequiredError } from './credentials.ts';
import { OperationError, temporaryFailure } from './errors.ts';
import { pause, retryDelayMs } from './retry.ts';
import type { SubscribeOptions } from './subscription.ts';

/** What a recovery needs of its client. */
export interface RecoveryHost {
  /** The milliseconds to wait before an attempt, counted from 0. */
  retryDelay(attempt: number): number;
  /** Whether a subscription that ended with this error of the connection may be started again. */
  canRestart(error: unknown): boolean;
  /** Called before each wait. */
  onRetry(error: unknown, delayMs: number): void;
}

/** The number of expired cursors in succession after which a subscription ends. */
const MAX_EXPIRATIONS = 5;

/** How long a subscription has to run to show that the server accepted its cursor. */
const LASTING_MS = 10_000;

/** Decides whether and when a subscription that failed is started again. */
export class Recovery {
  readonly #host: RecoveryHost;
  readonly #onCursorExpired: SubscribeOptions['onCursorExpired'];
  readonly #signal: AbortSignal;
  #failures = 0;
  /** Expired cursors since the last event, or since the subscription last ran for a while. */
  #expirations = 0;
  #startedAt = 0;

  constructor(host: RecoveryHost, { onCursorExpired }: SubscribeOptions, signal: AbortSignal) {
    this.#host = host;
    this.#onCursorExpired = onCursorExpired;
    this.#signal = signal;
  }

  started(): void {
    this.#startedAt = Date.now();
  }

  /** Called at each event: the next failure is the first again. */
  received(): void {
    this.#failures = 0;
    this.#expirations = 0;
  }

  /**
   * Waits until the subscription may be started again, or throws the error that ends it. Resolves
   * with the cursor to start after if that is another one.
   */
  async recover(error: unknown): Promise<string | undefined> {
    if (error instanceof OperationError && error.code === 'CURSOR_EXPIRED' && this.#onCursorExpired) {
      if (Date.now() - this.#startedAt > LASTING_MS) this.#expirations = 0;
      this.#expirations += 1;
      if (this.#expirations >= MAX_EXPIRATIONS) throw error;
      if (this.#expirations > 1) await pause(this.#host.retryDelay(this.#expirations - 2), this.#signal);
      return this.#onCursorExpired();
    }
    if (error instanceof SignInRequiredError) throw error;
    const isTemporary = error instanceof OperationError ? temporaryFailure(error) : this.#host.canRestart(error);
    if (!isTemporary) throw error;
    const delayMs = retryDelayMs(error, this.#failures, (attempt) => this.#host.retryDelay(attempt));
    this.#host.onRetry(error, delayMs);
    await pause(delayMs, this.#signal);
    this.#failures += 1;
    return undefined;
  }
}
