import {
  SignInRequiredError,
  SubscriptionClient,
  type SubscriptionStatus,
  type Token,
} from 'attache-client/subscriptions';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { currentToken, renewToken, SessionEndedError } from '../api/credentials.ts';
import { serverUrl } from '../api/server-url.ts';

/** One WebSocket of the page for all its subscriptions. */
export interface Live {
  client: SubscriptionClient;
  subscribe(listener: () => void): () => void;
  light(): Light;
  /** Shows that a subscription ended for good. */
  stop(): void;
}

/**
 * What the light shows: the status of the connection, or
 * - `caught-up`: connected again, and nothing was missed; for some seconds.
 * - `stopped`: the server refused the subscription.
 */
export type Light = SubscriptionStatus | 'caught-up' | 'stopped';

const CAUGHT_UP_MS = 8000;

const LiveContext = createContext<Live | undefined>(undefined);

/** Opens a WebSocket while a view subscribes. Each connection sends the current token. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [live, setLive] = useState<Live>();
  useEffect(() => {
    const opened = createLive();
    setLive(opened);
    return () => void opened.client[Symbol.asyncDispose]();
  }, []);
  return live && <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

/** The token of the next connection: another one than the last, if the server refused that. */
function createTokenSource(): Token {
  let last: string | undefined;
  return async ({ isRefused }) => {
    try {
      last = await (isRefused && last !== undefined ? renewToken(last) : currentToken());
      return last;
    } catch (error) {
      throw error instanceof SessionEndedError ? new SignInRequiredError(error.message) : error;
    }
  };
}

function createLive(): Live {
  const listeners = new Set<() => void>();
  let light: Light = 'idle';
  let wasLost = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (next: Light) => {
    clearTimeout(timer);
    light = next;
    for (const listener of listeners) listener();
  };
  const client = new SubscriptionClient({
    url: serverUrl('graphql'),
    token: createTokenSource(),
    onStatus(status) {
      if (status === 'reconnecting') wasLost = true;
      if (status === 'idle' && light === 'stopped') return;
      show(status === 'connected' && wasLost ? 'caught-up' : status);
      if (light !== 'caught-up') return;
      wasLost = false;
      timer = setTimeout(() => show('connected'), CAUGHT_UP_MS);
    },
  });
  return {
    client,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    light: () => light,
    stop: () => show('stopped'),
  };
}

/** Whether events arrive now. */
export const isLive = (light: Light): boolean => light === 'connected' || light === 'caught-up';

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('There is no LiveProvider above this component.');
  return live;
}

export function useLight(): Light {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, live.light);
}
