import { Client } from 'pg';
import type { Notifier } from './open.ts';
import { connectionTo } from './postgres-pool.ts';

/** What is rung for within this time is rung for once. */
const COALESCE_MS = 5;
/** How long to wait before connecting again. */
const RETRY_MS = 1000;
const CHANNEL = 'attache_events';

/**
 * Wakes other servers on the same database, by NOTIFY: after the commit, on a connection of its own and without saying
 * what for. Inside the transaction it would make commits wait for each other. It is a hint: who does not hear it, because the
 * connection is down, looks by itself soon.
 * https://www.postgresql.org/docs/current/sql-notify.html
 */
export function openPostgresNotifier(url: string, onRing: () => void): Notifier {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let saying: Promise<unknown> | undefined;
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
    fresh.on('notification', onRing);
    try {
      await fresh.connect();
      await fresh.query(`listen ${CHANNEL}`);
      client = fresh;
      // Something may have been rung for meanwhile.
      onRing();
      if (!isOpen) await fresh.end();
    } catch {
      lost();
    }
  };
  const connected = connect();
  return {
    notify() {
      timer ??= setTimeout(async () => {
        // One at a time on a connection. Whoever rings meanwhile is rung for with this one.
        await saying;
        timer = undefined;
        saying = client?.query(`notify ${CHANNEL}`).catch(() => {}); // told by the connection's own error
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
