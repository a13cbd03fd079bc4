import type { Logger } from 'pino';
import type { Viewer } from '../auth/permissions.ts';
import type { RequestBudgets } from '../budget/request-budget.ts';
import type { TrustedDocuments } from '../config/trusted-documents.ts';
import type { Config } from '../config.ts';
import type { Client, RequestBudget, RequestContext } from '../context.ts';
import type { EventHub } from '../events/hub.ts';
import type { CreateReceiver } from '../uploads/receive.ts';
import type { AuthenticationOptions } from './authentication.ts';
import type { GuestAuthenticationOptions } from './guest-authentication.ts';
import type { MetricsSource } from './metrics-source.ts';
import type { RequestObserver } from './requests/observer.ts';

/** What the application passes to the HTTP server. */
export interface ServerOptions extends AuthenticationOptions, GuestAuthenticationOptions {
  config: Config;
  /** Starts to receive a file. */
  createReceiver: CreateReceiver;
  /** The only documents that GraphQL clients may run; undefined for all. */
  trustedDocuments: TrustedDocuments | undefined;
  events: EventHub;
  log: Logger;
  /** Observes every request. */
  requests: Required<RequestObserver>;
  metrics: MetricsSource;
  /**
   * Creates a unit of work for the viewer. Without a budget and a client, the work belongs to no
   * request.
   */
  contextFor(viewer: Viewer, budget?: RequestBudget, client?: Client): RequestContext;
  /** Opens the budgets of requests. */
  budgets: RequestBudgets;
  /** Rejects when the database or the storage cannot be used. */
  checkReady(): Promise<void>;
  /** Whether the server is about to stop, and has to get no new requests. */
  isDraining(): boolean;
  /** Whether uploads are refused because a disk has less than `MIN_FREE_BYTES` free. */
  uploadsRefused(): Promise<boolean>;
}
