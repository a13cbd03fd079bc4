import { expect, test } from 'vitest';
import { subscribeToEvents } from '../support/events.ts';
import { uploadFile } from '../support/files.ts';
import { few } from '../support/length.ts';
import { apply, listOnce } from '../support/mirror.ts';
import { newPerson } from '../support/people.ts';
import { changeAtRandom } from '../support/random-changes.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const places = ['Task:1', 'Task:2', 'Comment:1', 'Project:1'];

/** The files shown by a client that lists once and applies events until a file of this name. */
async function mirror(server: TestServer, on: string, key: string, last: string) {
  const { shown, cursor } = await listOnce(server, on, key);
  await using events = await subscribeToEvents(server, on, { after: cursor, key });
  for (;;) {
    const event = await events.next();
    apply(shown, event);
    if (event.file.name === last) return shown;
  }
}

test.each([1, 2, 3].slice(0, few(1, 3)))(
  'a client that lists once and then applies events shows what a fresh list shows (random changes %i)',
  async (seed) => {
    await using server = await startTestServer();
    const editors = await Promise.all(['A', 'B', 'C'].map((name) => newPerson(server, name, { role: 'EDITOR' })));
    const watchers = [
      await newPerson(server, 'Editor', { role: 'EDITOR' }),
      await newPerson(server, 'Viewer', { role: 'VIEWER' }),
    ].flatMap(({ key }) => ['Project:1', 'Task:1'].map((on) => ({ on, key })));
    const known: string[] = [];
    const change = (changes: number) =>
      Promise.all(
        [server, ...editors].map(({ key }, index) =>
          changeAtRandom(server, { key, seed: 100 * seed + changes + index, changes, places, known }),
        ),
      );
    expect((await change(8)).flat()).toEqual([]);
    const changing = change(25);
    const mirrors = watchers.map(({ on, key }) => mirror(server, on, key, 'last'));
    expect((await changing).flat()).toEqual([]);
    await uploadFile(server, 'Task:1', 'last');
    for (const [index, shown] of (await Promise.all(mirrors)).entries()) {
      const { on, key } = watchers[index] as (typeof watchers)[number];
      expect([...shown].toSorted()).toEqual([...(await listOnce(server, on, key)).shown].toSorted());
    }
  },
);
