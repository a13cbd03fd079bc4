import { expect, test } from 'vitest';
import { uploadFile } from '../../support/files.ts';
import { startTestServer } from '../../support/server.ts';
import { stream } from '../../support/sse-client.ts';

// The listener closes before the streams end. Their connections become idle only afterwards, and
// would otherwise stay open for SHUTDOWN_MS.
test('open event streams do not delay the shutdown of the server', async () => {
  const server = await startTestServer();
  const sse = await stream(server, 'Task:1');
  await uploadFile(server, 'Task:1', 'a');
  expect((await sse.nextEvent()).file.name).toBe('a');
  const began = performance.now();
  await server[Symbol.asyncDispose]();
  expect(await sse.next()).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(20_000); // SHUTDOWN_MS is 30 s
});
