import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Viewer } from '../auth/permissions.ts';
import type { OpenBudget, RequestBudgets } from '../budget/request-budget.ts';
import type { RequestBudget } from '../context.ts';

const RESPONSE = Symbol('response');
const BUDGET = Symbol('budget');

/** The response and budget are properties, since a `WeakMap` is measurably slower here. */
type BudgetedRequest = IncomingMessage & { [RESPONSE]?: ServerResponse; [BUDGET]?: OpenBudget };

/** Opens one budget per HTTP request, and ends it when the response is closed. */
export class HttpBudgets {
  readonly #budgets: RequestBudgets;

  constructor(budgets: RequestBudgets) {
    this.#budgets = budgets;
  }

  /** Call it for every request, before `budgetFor`. */
  register(request: BudgetedRequest, response: ServerResponse): void {
    request[RESPONSE] = response;
  }

  /** The budget of the request of an authenticated viewer. */
  budgetFor(request: BudgetedRequest, viewer: Pick<Viewer, 'userId'>): RequestBudget {
    const { [RESPONSE]: response, [BUDGET]: existing } = request;
    if (!response) return this.#budgets.unanswered(viewer.userId);
    if (existing) return existing;
    const budget = this.#budgets.open();
    budget.userId = viewer.userId;
    request[BUDGET] = budget;
    if (response.closed) budget[Symbol.dispose]();
    else response.once('close', () => budget[Symbol.dispose]());
    return budget;
  }
}
