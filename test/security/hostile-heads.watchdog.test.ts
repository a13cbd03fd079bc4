import { expect, test } from 'vitest';
import { askWithFiles } from '../support/client.ts';
import { cpuMs } from '../support/cpu.ts';
import { hostileHeads } from '../support/hostile-heads.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { startWithFile } from '../support/sweep.ts';
import { expectResponsive, underWatch } from '../support/watchdog.ts';

const query = `mutation ($files: [Upload!]!) {
  uploadFiles(input: { files: $files }) { files { contentType width height } errors { code } }
}`;
type Answer = { uploadFiles: { files: unknown[]; errors: unknown[] } };

const TYPES: Record<string, string> = { SVG: 'image/svg+xml' };
const FILES = 20;
const MAX_CPU_MS = 1500;

test('files whose first bytes are expensive to parse do not affect other users', {
  timeout: 240_000,
}, async () => {
  await using started = await startWithFile();
  const { server } = started;
  for (const [name, head] of Object.entries(hostileHeads)) {
    const type = TYPES[name.slice(0, 3)] ?? '';
    const files = Array.from({ length: FILES }, (_, index) => ({
      name: `${index}`,
      content: new Blob([new Uint8Array(head)]),
      type,
    }));
    const before = await cpuMs(server.pid);
    const watched = await underWatch(server, ADMIN_KEY, () => {
      const requests = [1, 2].map(() => askWithFiles<Answer>(server, query, {}, files));
      return Promise.all(requests);
    });
    // The limit includes receiving and storing five megabytes.
    expect([name, (await cpuMs(server.pid)) - before]).toSatisfy(([, used]: [string, number]) => used < 2 * MAX_CPU_MS);
    for (const { uploadFiles } of watched.result)
      expect([name, uploadFiles.files.length, uploadFiles.errors]).toEqual([name, FILES, []]);
    expectResponsive(watched);
  }
  expect(server.logged()).toBe('');
});
