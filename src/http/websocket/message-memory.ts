import { EventEmitter } from 'node:events';
import { RateLimitedError } from '../../errors.ts';
import type { BodyBudget } from '../body/body-budget.ts';
import { TRY_AGAIN_LATER } from './close.ts';
import type { Connection } from './connection.ts';

/** Reserves the memory of a connection's messages. Without memory, the socket is not read. */
export class MessageMemory {
  readonly #connection: Connection;
  readonly #budget: BodyBudget;
  /** The messages in the budget; one waits until its emitter emits `close`. */
  readonly #messages = new Set<EventEmitter>();
  #pending: Promise<unknown> | undefined;

  constructor(connection: Connection, budget: BodyBudget) {
    this.#connection = connection;
    this.#budget = budget;
  }

  /**
   * Returns the function that frees the memory. Undefined when there was no memory in time: then
   * the socket is closed. Messages get memory in their order.
   */
  async reserve(bytes: number): Promise<(() => void) | undefined> {
    while (this.#pending) await this.#pending;
    const { userId } = this.#connection;
    if (userId === undefined) return () => {}; // see UnauthenticatedSockets for its limit
    const message = new EventEmitter();
    const release = () => {
      this.#messages.delete(message);
      this.#budget.release(message);
    };
    this.#messages.add(message);
    const reserved = this.#budget.reserve(message, userId, bytes);
    if (!reserved || (await this.#pauseUntil(reserved))) return release;
    this.#messages.delete(message);
    return undefined;
  }

  /** Ends the wait of messages, because the connection is closed. */
  cancel(): void {
    for (const message of this.#messages) message.emit('close');
  }

  /** Returns whether the memory was reserved; if not, closes the socket. */
  async #pauseUntil(reserved: Promise<void>): Promise<boolean> {
    const { socket } = this.#connection;
    this.#pending = reserved.catch(() => {});
    socket.pause();
    try {
      await reserved;
      return true;
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      socket.close(TRY_AGAIN_LATER, error.code);
      return false;
    } finally {
      this.#pending = undefined;
      socket.resume();
    }
  }
}
