import { setTimeout as pause } from 'node:timers/promises';
import { listFiles, readCursor } from './expected-log.ts';
import type { Endpoint } from './send.ts';
import { type ChaosSubscriber, type SubscriptionField, startSubscriber } from './subscriber.ts';
import type { Workspace } from './workspace.ts';

/** How many of five subscribers start before the faults. The others start during them. */
const INITIAL_SHARE = 4;

export interface SubscribersOptions {
  workspace: Workspace;
  clients: number;
  anyNode(): Endpoint;
}

/** Starts the initial subscribers: half subscribe to the project, half to its tasks. */
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
 * Starts the other subscribers at random moments, as an app does: each reads a task's list and
 * subscribes after the cursor that came with it. Resolves when all have started.
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
      const { ids: listed, eventCursor: from } = await retryUntilDone(() => listFiles(anyNode(), on));
      onStart(startSubscriber({ field: fieldOf(index), on, from, listed, anyNode }));
    }),
  );
}

const fieldOf = (index: number): SubscriptionField => (index % 3 === 0 ? 'fileEvents' : 'fileAdded');

/** Retries until a server responds. */
async function retryUntilDone<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch {
      await pause(100);
    }
  }
}
