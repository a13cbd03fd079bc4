import { SubscriptionClient, type SubscriptionStatus } from 'attache-client/subscriptions';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { serverUrl } from '../api/server-url.ts';

/** One WebSocket of the page for all its subscriptions. */
export interface Live {
  client: SubscriptionClient;
  /** The user whose own actions are not reported. */
  viewerId: string;
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

interface LiveProviderProps {
  viewerId: string;
  token: string;
  children: ReactNode;
}

/** Opens a WebSocket while a view subscribes. A newer token is used for the next connection. */
export function LiveProvider({ viewerId, token, children }: LiveProviderProps) {
  const current = useRef(token);
  current.current = token;
  const [live, setLive] = useState<Live>();
  useEffect(() => {
    const opened = createLive(viewerId, () => current.current);
    setLive(opened);
    return () => void opened.client[Symbol.asyncDispose]();
  }, [viewerId]);
  return live && <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

function createLive(viewerId: string, token: () => string): Live {
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
    token,
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
    viewerId,
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
