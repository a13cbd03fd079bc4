import { test } from 'vitest';
import { startCaddy } from '../support/caddy.ts';
import { startNginx } from '../support/nginx.ts';
import { isInstalled } from '../support/programs.ts';
import { restartBehindProxy } from './rolling-restart.ts';

const MINUTES = 60_000;

test.runIf(isInstalled('nginx'))(
  'a rolling restart behind nginx fails no upload, and loses, repeats and reorders no event',
  { timeout: 8 * MINUTES },
  () => restartBehindProxy({ startProxy: startNginx, subscribers: { webSockets: 490, eventStreams: 10 } }),
);

test.runIf(isInstalled('Caddy'))(
  'the same behind Caddy, which finds by its health checks that a server drains',
  { timeout: 8 * MINUTES },
  () =>
    restartBehindProxy({
      startProxy: startCaddy,
      subscribers: { webSockets: 90, eventStreams: 10 },
      env: { DRAIN_SECONDS: '6' },
    }),
);
