import type { Logger } from 'pino';
import type { Viewer } from '../auth/permissions.ts';
import type { RequestBudgets } from '../budget/request-budget.ts';
import type { Config } from '../config.ts';
import type { Context, RequestBudget } from '../context.ts';
import type { EventHub } from '../events/hub.ts';
import type { CreateReceiver } from '../uploads/receive.ts';
import type { AuthenticationOptions } from './authentication.ts';

/** What the HTTP server is given by the application. */
export interface ServerOptions extends AuthenticationOptions {
  config: Config;
  /** Begins to receive a file. */
  createReceiver: CreateReceiver;
  events: EventHub;
  log: Logger;
  /** A new unit of work for the viewer. Without a request, nobody waits for an answer. */
  contextFor(viewer: Viewer, budget?: RequestBudget): Context;
  /** What single requests may use. */
  budgets: RequestBudgets;
  /** Throws when the server cannot do its work. */
  checkReady(): Promise<void>;
}
