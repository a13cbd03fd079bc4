import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../auth/permissions.ts';
import type { OpenBudget, RequestBudgets } from '../budget/request-budget.ts';
import type { RequestBudget } from '../context.ts';

const RESPONSE = Symbol('response');
const BUDGET = Symbol('budget');

/** A request with what belongs to it. On itself: to look it up in a table takes longer than all else that is done here. */
type Budgeted = IncomingMessage & { [RESPONSE]?: ServerResponse; [BUDGET]?: OpenBudget };

/** Gives each HTTP request its budget, once, and ends it when the response is sent or its client is gone. */
export class HttpBudgets {
  readonly #budgets: RequestBudgets;

  constructor(budgets: RequestBudgets) {
    this.#budgets = budgets;
  }

  /** To be called for every request, before it is answered. */
  register(request: Budgeted, response: ServerResponse): void {
    request[RESPONSE] = response;
  }

  /** What the request may use, whose caller is known by now. */
  budgetFor(request: Budgeted, viewer: Viewer): RequestBudget {
    const { [RESPONSE]: response, [BUDGET]: known } = request;
    if (!response) return this.#budgets.unanswered(viewer.userId);
    if (known) return known;
    const budget = this.#budgets.open();
    budget.userId = viewer.userId;
    request[BUDGET] = budget;
    if (response.closed) budget[Symbol.dispose]();
    else response.once('close', () => budget[Symbol.dispose]());
    return budget;
  }
}
