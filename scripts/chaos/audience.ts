import { setTimeout as pause } from 'node:timers/promises';
import { type ChaosListener, type Field, startListener } from './listener.ts';
import type { Endpoint } from './send.ts';
import { cursorOf, listFiles } from './truth.ts';
import type { Workspace } from './workspace.ts';

/** Of five listeners, how many are there from the beginning. The others come while everything goes wrong. */
const EARLY = 4;

export interface AudienceOptions {
  workspace: Workspace;
  clients: number;
  anyNode(): Endpoint;
}

/** Those who are there from the beginning: half listen to the project, half to its tasks. */
export async function gather({ workspace, clients, anyNode }: AudienceOptions): Promise<ChaosListener[]> {
  const { projectId, taskIds } = workspace;
  const cursors = new Map<string, string>();
  for (const on of [projectId, ...taskIds]) cursors.set(on, await cursorOf(anyNode(), on));
  return Array.from({ length: Math.ceil((clients * EARLY) / 5) }, (_, index) => {
    const on = index % 2 === 0 ? projectId : (taskIds[((index - 1) / 2) % taskIds.length] as string);
    return startListener({ field: fieldOf(index), on, from: cursors.get(on) ?? '', anyNode });
  });
}

/**
 * Those who come at some moment within the time, as an app does: each reads what a task lists, and listens from the
 * cursor that came with it. Each is given to `onArrival` when it listens; all have come when this fulfils.
 */
export async function arrive(
  { workspace, clients, anyNode }: AudienceOptions,
  withinMs: number,
  onArrival: (listener: ChaosListener) => void,
): Promise<void> {
  const latecomers = clients - Math.ceil((clients * EARLY) / 5);
  await Promise.all(
    Array.from({ length: latecomers }, async (_, index) => {
      await pause(Math.random() * withinMs);
      const on = workspace.taskIds[index % workspace.taskIds.length] as string;
      const { ids: seen, eventCursor: from } = await untilDone(() => listFiles(anyNode(), on));
      onArrival(startListener({ field: fieldOf(index), on, from, seen, anyNode }));
    }),
  );
}

const fieldOf = (index: number): Field => (index % 3 === 0 ? 'fileEvents' : 'fileAdded');

/** Servers come and go: tries until one has answered. */
async function untilDone<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch {
      await pause(100);
    }
  }
}
