import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { answered, enter, loaded, run, typeOperation } from './explorer.ts';
import { launchBrowser, signIn, visit } from './visit.ts';

/** Servers below paths of one origin, and the credentials that each of them has received. */
async function startOrigin(targets: Record<string, string>) {
  const received = Object.fromEntries(Object.keys(targets).map((path) => [path, new Set<string>()]));
  const proxy = createServer((request, response) => {
    const [, path = '', rest = ''] = /^(\/[^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const { method, headers } = request;
    if (headers.authorization) received[path]?.add(headers.authorization);
    const passed = send(new URL(rest, targets[path]), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}

describe.skipIf(!isInstalled('Chromium'))('what browsers store, of several servers and users', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('a key of one server is not sent to another one of the same origin, and stays signed in', async () => {
    await using first = await startTestServer();
    await using second = await startTestServer();
    await using origin = await startOrigin({ '/a': first.url, '/b': second.url });
    await using session = await visit(browser, `${origin.url}/a/`);
    const { page } = session;
    await page.getByRole('checkbox').check();
    await signIn(page, first.key);
    const other = await page.context().newPage();
    await other.goto(`${origin.url}/b/`);
    await other.getByRole('textbox', { name: 'API key' }).waitFor();
    const { key } = await newPerson(second, 'Grace', { role: 'EDITOR' });
    await other.getByRole('checkbox').check();
    await signIn(other, key);
    expect([...(origin.received['/b'] ?? [])]).toEqual([`Bearer ${key}`]);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect([...(origin.received['/a'] ?? [])]).toEqual([`Bearer ${first.key}`]);
  });

  test("the next user of GraphiQL in a browser does not see a former one's operations", async () => {
    await using server = await startTestServer();
    const { key } = await newPerson(server, 'Grace', { role: 'EDITOR' });
    await using session = await visit(browser, server.graphqlUrl);
    const { page } = session;
    await enter(page, server.key);
    await typeOperation(page, 'query OfTheAdministrator { viewer { id } }');
    await run(page);
    await answered(page, 'User:1');
    const tab = page.getByRole('tab', { name: 'OfTheAdministrator' });
    await tab.waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await enter(page, key);
    expect(await tab.count()).toBe(0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page, server.key);
    await loaded(page);
    await tab.waitFor();
  });
});
