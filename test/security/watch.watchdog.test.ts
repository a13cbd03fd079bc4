import { expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { expectResponsive, underWatch } from '../support/watchdog.ts';

test('the watchdog reports no delay of an idle server, and the delay of a stopped process', async () => {
  await using folder = await temporaryFolder('watch');
  await using server = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY });
  const idle = await underWatch(server, ADMIN_KEY, () => new Promise((resolve) => setTimeout(resolve, 500)));
  expectResponsive(idle);
  const stopped = await underWatch(server, ADMIN_KEY, async () => {
    process.kill(server.pid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    process.kill(server.pid, 'SIGCONT');
  });
  expect(stopped.liveMs).toBeGreaterThan(1000);
  expect(stopped.listingMs).toBeGreaterThan(1000);
});
