import type { ExecutionResult } from 'graphql';
import { createStore, type Store } from '../store.ts';

/** What arrived, and when. */
export interface LoggedEvent {
  number: number;
  at: Date;
  result: ExecutionResult;
}

export type ConnectionState = 'connecting' | 'listening' | 'reconnecting' | 'ended' | 'stopped';

/** The events of the last subscription. */
export interface EventLog {
  /** The tab whose subscription it is. */
  tabId: string;
  state: ConnectionState;
  /** Whether it continues after a lost connection at the event where it was. */
  resumes: boolean;
  /** How many have arrived, also those that are no longer in `events`. */
  count: number;
  events: LoggedEvent[];
}

/** More would slow down the browser. */
export const MAX_EVENTS = 1000;

export type EventLogStore = Store<EventLog | undefined>;

export const createEventLog = (): EventLogStore => createStore<EventLog | undefined>(undefined);

/** Begins the log of a subscription. */
export function startLog(store: EventLogStore, subscription: Pick<EventLog, 'tabId' | 'resumes'>): void {
  store.set({ ...subscription, state: 'connecting', count: 0, events: [] });
}

export function addEvent(store: EventLogStore, result: ExecutionResult): void {
  const log = store.get();
  if (!log) return;
  const event = { number: log.count + 1, at: new Date(), result };
  store.set({ ...log, count: event.number, events: [...log.events, event].slice(-MAX_EVENTS) });
}

export function setState(store: EventLogStore, state: ConnectionState): void {
  const log = store.get();
  if (log) store.set({ ...log, state });
}

/** Removes the events that have arrived. The next one has the next number. */
export function clearEvents(store: EventLogStore): void {
  const log = store.get();
  if (log) store.set({ ...log, events: [] });
}
