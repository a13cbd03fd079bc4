import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../auth/permissions.ts';
import type { RequestBudget } from '../context.ts';
import type { OpenBudget, RequestBudgets } from '../limits/request-budget.ts';

/** Gives each HTTP request its budget, once, and ends it when the response is sent or its client is gone. */
export class HttpBudgets {
  readonly #budgets: RequestBudgets;
  readonly #responses = new WeakMap<IncomingMessage, ServerResponse>();
  readonly #open = new WeakMap<IncomingMessage, OpenBudget>();

  constructor(budgets: RequestBudgets) {
    this.#budgets = budgets;
  }

  /** To be called for every request, before it is answered. */
  expect(request: IncomingMessage, response: ServerResponse): void {
    this.#responses.set(request, response);
  }

  /** What the request may use, whose caller is known by now. */
  of(request: IncomingMessage, viewer: Viewer): RequestBudget {
    const response = this.#responses.get(request);
    if (!response) return this.#budgets.unanswered(viewer.userId);
    const known = this.#open.get(request);
    if (known) return known;
    const budget = this.#budgets.open();
    budget.userId = viewer.userId;
    this.#open.set(request, budget);
    if (response.closed) budget[Symbol.dispose]();
    else response.once('close', () => budget[Symbol.dispose]());
    return budget;
  }
}
