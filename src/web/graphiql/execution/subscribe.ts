import type { ExecutionResult, OperationDefinitionNode } from 'graphql';
import { createClient, type SubscribePayload } from 'graphql-ws';
import { serverUrl } from '../../api/server-url.ts';
import { format, messages } from '../../messages/messages.ts';
import { addEvent, type ConnectionState, type EventLogStore, setState, startLog } from '../events/event-log.ts';
import type { Variables } from '../files/variables.ts';
import { resumption } from './resume.ts';

const LONGEST_WAIT_MS = 10_000;

/** Waits longer after each attempt, and not as long as other clients that were cut off as well. */
const retryWait = (retries: number) =>
  new Promise<void>((resolve) =>
    setTimeout(resolve, Math.min(500 * 2 ** retries, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2)),
  );

interface SubscribeOptions {
  /** Called at each new connection. */
  authorization(): Promise<string>;
  events: EventLogStore;
  /** The tab that shows the events. */
  tabId: string;
  payload: SubscribePayload & { variables: Variables };
  operation: OperationDefinitionNode;
  onResult(result: ExecutionResult): void;
  onEnd(): void;
}

/**
 * Subscribes over a WebSocket, and returns what ends the subscription. Every event is added to the
 * log. A lost connection is opened again until the user stops the subscription.
 */
export function subscribe(options: SubscribeOptions): () => void {
  const { authorization, events, tabId, payload, operation, onResult, onEnd } = options;
  const advance = resumption(operation, payload.variables);
  startLog(events, { tabId, resumes: advance !== undefined });
  let isOpen = true;
  const client = createClient({
    url: serverUrl('graphql').replace(/^http/, 'ws'),
    connectionParams: async () => ({ Authorization: await authorization() }),
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait,
    shouldRetry: () => true,
    on: {
      connected: () => setState(events, 'listening'),
      closed: () => isOpen && setState(events, 'reconnecting'),
    },
  });
  function end(state: ConnectionState): void {
    if (!isOpen) return;
    isOpen = false;
    setState(events, state);
    client.dispose();
  }
  function receive(result: ExecutionResult): void {
    advance?.(result);
    addEvent(events, result);
    onResult(result);
  }
  const unsubscribe = client.subscribe(payload, {
    next: (result) => receive(result as ExecutionResult),
    error(cause) {
      onResult({ errors: errorsOf(cause) as never });
      end('ended');
      onEnd();
    },
    complete() {
      end('ended');
      onEnd();
    },
  });
  return () => {
    end('stopped');
    unsubscribe();
  };
}

/** graphql-ws passes on the errors of the server, the event of a closed socket, or an Error. */
function errorsOf(cause: unknown): { message: string }[] {
  if (Array.isArray(cause)) return cause;
  if (cause instanceof CloseEvent) {
    const { code, reason } = cause;
    return [{ message: format(messages.explorer.socketClosed, { code, reason }) }];
  }
  return [{ message: cause instanceof Error ? cause.message : String(cause) }];
}
