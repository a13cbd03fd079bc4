import { Client } from 'pg';
import type { Notifier } from './database.ts';
import { connectionTo } from './postgres-pool.ts';

/** Notifications within this time are sent as one. */
const COALESCE_MS = 5;
/** How long to wait before reconnecting. */
const RETRY_MS = 1000;
const CHANNEL = 'attache_events';

/**
 * Notifies other servers on the same database by NOTIFY: after the commit, on a connection of its
 * own and without a payload. Inside the transaction, NOTIFY would make commits wait for each other.
 * It is a hint: a server that misses it, because its connection is down, polls the log soon.
 * https://www.postgresql.org/docs/current/sql-notify.html
 */
export function openPostgresNotifier(url: string, onNotify: () => void): Notifier {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let sending: Promise<unknown> | undefined;
  let isOpen = true;

  const connect = async () => {
    const fresh = new Client(connectionTo(url));
    const lost = () => {
      if (client === fresh) client = undefined;
      fresh.end().catch(() => {}); // it is gone already
      clearTimeout(retry);
      if (isOpen) retry = setTimeout(() => void connect(), RETRY_MS);
    };
    fresh.on('error', lost);
    fresh.on('end', () => client === fresh && lost());
    fresh.on('notification', onNotify);
    try {
      await fresh.connect();
      await fresh.query(`listen ${CHANNEL}`);
      client = fresh;
      // A notification may have been missed meanwhile.
      onNotify();
      if (!isOpen) await fresh.end();
    } catch {
      lost();
    }
  };
  const connected = connect();
  return {
    notify() {
      timer ??= setTimeout(async () => {
        // One at a time on a connection. Calls that come meanwhile are part of this one.
        await sending;
        timer = undefined;
        sending = client?.query(`notify ${CHANNEL}`).catch(() => {}); // the connection emits the error as well
      }, COALESCE_MS);
    },
    async [Symbol.asyncDispose]() {
      isOpen = false;
      clearTimeout(timer);
      clearTimeout(retry);
      await connected;
      const last = client;
      client = undefined;
      await last?.end();
    },
  };
}
