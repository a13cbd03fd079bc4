import { setTimeout as pause } from 'node:timers/promises';
import { listFiles, readCursor } from './expected-log.ts';
import type { Endpoint } from './send.ts';
import { type ChaosSubscriber, type SubscriptionField, startSubscriber } from './subscriber.ts';
import type { Workspace } from './workspace.ts';

/**
 * Of five listeners, how many are there from the beginning. The others come while everything goes
 * wrong.
 */
const INITIAL_SHARE = 4;

export interface SubscribersOptions {
  workspace: Workspace;
  clients: number;
  anyNode(): Endpoint;
}

/** Those who are there from the beginning: half listen to the project, half to its tasks. */
export async function startInitialSubscribers({
  workspace,
  clients,
  anyNode,
}: SubscribersOptions): Promise<ChaosSubscriber[]> {
  const { projectId, taskIds } = workspace;
  const cursors = new Map<string, string>();
  for (const on of [projectId, ...taskIds]) cursors.set(on, await readCursor(anyNode(), on));
  return Array.from({ length: Math.ceil((clients * INITIAL_SHARE) / 5) }, (_, index) => {
    const on = index % 2 === 0 ? projectId : (taskIds[((index - 1) / 2) % taskIds.length] as string);
    return startSubscriber({ field: fieldOf(index), on, from: cursors.get(on) ?? '', anyNode });
  });
}

/**
 * Those who come at some moment within the time, as an app does: each reads what a task lists, and
 * listens from the cursor that came with it. Each is given to `onStart` when it listens; all have
 * come when this fulfils.
 */
export async function startLateSubscribers(
  { workspace, clients, anyNode }: SubscribersOptions,
  withinMs: number,
  onStart: (subscriber: ChaosSubscriber) => void,
): Promise<void> {
  const count = clients - Math.ceil((clients * INITIAL_SHARE) / 5);
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      await pause(Math.random() * withinMs);
      const on = workspace.taskIds[index % workspace.taskIds.length] as string;
      const { ids: seen, eventCursor: from } = await retryUntilDone(() => listFiles(anyNode(), on));
      onStart(startSubscriber({ field: fieldOf(index), on, from, seen, anyNode }));
    }),
  );
}

const fieldOf = (index: number): SubscriptionField => (index % 3 === 0 ? 'fileEvents' : 'fileAdded');

/** Servers come and go: tries until one has answered. */
async function retryUntilDone<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch {
      await pause(100);
    }
  }
}
