import type { EventEmitter } from 'node:events';
import type { BodyBudget } from '../body/body-budget.ts';

/**
 * Memory is reserved in steps of two chunks, so that an upload without large fields reserves once.
 */
const STEP_BYTES = 128 * 1024;

/**
 * Reserves the memory of everything in a form except its files. The budget frees it with the
 * request.
 */
export class FieldMemory {
  readonly #budget: BodyBudget;
  readonly #request: EventEmitter;
  readonly #userId: number;
  #reservedBytes = 0;

  constructor(budget: BodyBudget, request: EventEmitter, userId: number) {
    this.#budget = budget;
    this.#request = request;
    this.#userId = userId;
  }

  /**
   * Reserves until `bytes` are reserved in all. Returns and rejects as `BodyBudget.reserve` does:
   * the form is not read on before the promise resolves.
   */
  growTo(bytes: number): Promise<void> | undefined {
    if (bytes <= this.#reservedBytes) return undefined;
    const missing = Math.ceil((bytes - this.#reservedBytes) / STEP_BYTES) * STEP_BYTES;
    this.#reservedBytes += missing;
    return this.#budget.reserve(this.#request, this.#userId, missing);
  }
}
