import { RecentDownloads } from '../audit/recent-downloads.ts';
import { currentViewer } from '../auth/current-credentials.ts';
import type { Viewer } from '../auth/permissions.ts';
import type { RequestBudgets } from '../budget/request-budget.ts';
import type { Config } from '../config.ts';
import type { Client, Context, RequestBudget } from '../context.ts';
import { canUserSeePlace } from '../workspace/attachables/places.ts';

/** What every context of a server shares. */
export interface ContextSources
  extends Pick<Context, 'storage' | 'events' | 'linkSecret' | 'keyEncryptionKey' | 'now' | 'log'> {
  config: Config;
  /** A new unit of work. */
  em(): Context['em'];
  budgets: RequestBudgets;
}

/**
 * Returns what creates a unit of work for a viewer. Without a budget and a client, the work belongs
 * to no request.
 */
export function createContextFactory({ config, em, budgets, ...shared }: ContextSources) {
  const { limits, jwtKeyMs, auditDownloads } = config;
  const recordedDownloads = auditDownloads ? new RecentDownloads() : undefined;
  return (viewer: Viewer, budget: RequestBudget = budgets.unanswered(viewer.userId), client?: Client): Context => ({
    ...shared,
    em: em(),
    viewer,
    startedAt: shared.now(),
    currentViewer,
    client,
    limits,
    recordedDownloads,
    jwtKeyMs,
    canUserSeePlace,
    budget,
  });
}
