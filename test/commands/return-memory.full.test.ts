import { expect, test } from 'vitest';
import { memoryOf } from '../../scripts/bench/server-process.ts';
import { uploadFile } from '../support/files.ts';
import { startProcess } from '../support/process.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const AT_ONCE = 64;
const UPLOADS = 5000;

test.runIf(process.platform === 'linux')(
  'the memory of a burst is returned once the server is idle',
  { timeout: 300_000 },
  async () => {
    await using folder = await temporaryFolder('burst');
    await using server = await startProcess({ DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY });
    const content = 'a'.repeat(10 * 1024);
    let sent = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (sent++ < UPLOADS) await uploadFile(server, 'Task:1', { name: `${sent}.bin`, content });
      }),
    );
    const after = (await memoryOf(server.pid)).now;
    await expect
      .poll(async () => (await memoryOf(server.pid)).now / after, { timeout: 120_000, interval: 1000 })
      .toBeLessThan(0.8);
  },
);
