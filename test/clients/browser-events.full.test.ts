import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cursorOf, readEvents } from '../support/events.ts';
import { uploadFiles } from '../support/files.ts';
import { chromiumPath, isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';

let browser: Browser;
beforeAll(async () => {
  if (!chromiumPath) return;
  browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--headless', '--no-sandbox', '--no-first-run', '--disable-gpu'],
  });
});
afterAll(() => browser?.close());

/** Runs in the page. Subscribes, and returns the first `count` events in order. */
function receiveEvents({ url, key, count, payload }: { url: string; key: string; count: number; payload: object }) {
  return new Promise<unknown[]>((resolve, reject) => {
    const received: unknown[] = [];
    const socket = new WebSocket(url, 'graphql-transport-ws');
    const send = (message: object) => socket.send(JSON.stringify(message));
    socket.onopen = () => send({ type: 'connection_init', payload: { authorization: key } });
    socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
    socket.onmessage = ({ data }) => {
      const { type, id, payload: answer } = JSON.parse(data);
      if (type === 'connection_ack') send({ id: 'an id "with" signs', type: 'subscribe', payload });
      else if (type !== 'next' || id !== 'an id "with" signs' || answer.errors) reject(new Error(data));
      else received.push(answer.data.event);
      if (received.length === count) resolve(received);
    };
  });
}

describe.runIf(isInstalled('Chromium'))('Chromium', () => {
  test('receives 300 events of small and large messages intact, with non-ASCII names', async () => {
    await using server = await startTestServer({ MAX_FILES: '300' });
    const after = await cursorOf(server, 'Task:1');
    await uploadFiles(
      server,
      'Task:1',
      Array.from({ length: 300 }, (_, index) => `${index} Grüße 漢字 🚀 ${'x'.repeat(150)}`),
    );
    const page = await browser.newPage();
    await page.goto(server.graphqlUrl);
    for (const repeats of [0, 1, 600]) {
      const many = Array.from({ length: repeats }, (_, index) => `n${index}: name`).join(' ');
      const query = `subscription ($on: ID!, $after: String) {
        event: fileEvents(on: $on, after: $after) { cursor file { name ${many} } }
      }`;
      const payload = { query, variables: { on: 'Task:1', after } };
      const request = { url: server.wsUrl, key: server.key, count: 300, payload };
      const events = (await page.evaluate(receiveEvents, request)) as {
        cursor: string;
        file: Record<string, string>;
      }[];
      const expected = (await readEvents(server, 'Task:1', { after })).map(({ cursor, file }) => [cursor, file.name]);
      expect(events.map(({ cursor, file }) => [cursor, file.name])).toEqual(expected);
      for (const { file } of events) expect(new Set(Object.values(file))).toEqual(new Set([file.name]));
    }
    await page.close();
  });
});
