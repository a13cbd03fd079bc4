const PAGE = `query CatchUp($on: ID!, $after: String!) {
  fileEvents(on: $on, after: $after, first: 100) { nodes { cursor type } pageInfo { endCursor hasNextPage } }
}`;

interface Page extends Record<string, unknown> {
  fileEvents: {
    nodes: { cursor: string; type: string }[];
    pageInfo: { endCursor: string; hasNextPage: boolean };
  };
}

/** How long to wait for an event. It may have become invisible, and then never arrives. */
const ARRIVAL_MS = 10_000;

export interface CatchUpOptions {
  position: { on: string; after: string };
  /** Whether the subscription receives only the events of added files and versions. */
  isAdded: boolean;
  query(request: { query: string; variables: Record<string, unknown> }): Promise<Page>;
  /** Resolves when the event with this cursor was delivered. */
  arrival(cursor: string): Promise<void>;
  signal: AbortSignal;
}

/**
 * Resolves when every event was delivered that the log had after `position`. It reads a page of the
 * log, waits until its last event is delivered, and reads the next. Failures count as caught up:
 * only a status display depends on this.
 */
export async function catchUp({ position, isAdded, query, arrival, signal }: CatchUpOptions): Promise<void> {
  let { on, after } = position;
  try {
    while (!signal.aborted) {
      const { nodes, pageInfo } = (await query({ query: PAGE, variables: { on, after } })).fileEvents;
      const last = nodes.findLast(({ type }) => !isAdded || type.endsWith('_ADDED'));
      if (last) await Promise.race([arrival(last.cursor), timeout(ARRIVAL_MS, signal)]);
      if (!pageInfo.hasNextPage) return;
      after = pageInfo.endCursor;
    }
  } catch {
    // The connection was lost, or the query was refused: the next connection starts again.
  }
}

function timeout(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
