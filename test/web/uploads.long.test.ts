import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { list, remove, update, uploadFile } from '../support/files.ts';
import { testInFull } from '../support/length.ts';
import { newPerson } from '../support/people.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { chooseFiles, expectAccessible, launchBrowser, openPlace, rowOf, signIn, uploads, visit } from './visit.ts';

describe.skipIf(!isInstalled('Chromium'))('uploads on the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  test('files that are chosen appear, and a refusal is explained', async () => {
    await using server = await startTestServer({ REFUSED_EXTENSIONS: 'exe', MAX_FILE_SIZE: '3000000' });
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    await page.getByText('Connected').waitFor();
    await chooseFiles(page, [
      { name: 'one.txt', content: 'one' },
      { name: 'two.bin', content: Buffer.alloc(2_000_000, 2) },
      { name: 'virus.exe', content: 'MZ' },
      { name: 'large.bin', content: Buffer.alloc(3_000_001) },
    ]);
    await rowOf(page, 'one.txt').waitFor();
    await rowOf(page, 'two.bin').waitFor();
    const panel = uploads(page);
    await panel.getByText('2 files uploaded · 2 failed').waitFor();
    await panel.getByText('Files of this kind are refused. virus.exe is not accepted').waitFor();
    await panel.getByText('The file is too large. A file may have at most 3000000 bytes.').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
      await page.screenshot({ path: `test-output/uploads-${colorScheme}.png` });
    }
    await panel.getByRole('button', { name: 'Dismiss virus.exe' }).click();
    await panel.getByText('virus.exe', { exact: true }).waitFor({ state: 'detached' });
    await panel.getByRole('button', { name: 'Close the list' }).click();
    await panel.waitFor({ state: 'detached' });
    expect(session.foreign).toEqual([]);
    expect(session.complaints.filter((text) => !text.includes('413'))).toEqual([]);
  });

  testInFull('a new version of a file is uploaded from its view', async () => {
    await using server = await startTestServer();
    const { id } = await uploadFile(server, 'Task:1', 'plan.txt');
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${id}`);
    const input = page.getByLabel('Upload a new version').and(page.locator('input'));
    await input.setInputFiles({ name: 'plan 2.txt', mimeType: 'text/plain', buffer: Buffer.from('two') });
    await page.getByRole('heading', { name: 'plan 2.txt' }).waitFor();
    const { edges } = await list(server, 'Task:1');
    expect(edges.map(({ node }) => [node.name, node.version])).toEqual([['plan 2.txt', 2]]);
    expect(page.url()).toContain(edges[0]?.node.id);
    expect(session.complaints).toEqual([]);
  });

  testInFull('what others do appears without a reload, and is reported', async () => {
    await using server = await startTestServer();
    const ada = await newPerson(server, 'Ada', { role: 'EDITOR' });
    await using session = await visit(browser, server.url);
    const { page } = session;
    await signIn(page, server.key);
    await openPlace(page, 'Task:1');
    await page.getByText('Connected').waitFor();
    const { id } = await uploadFile(server, 'Task:1', 'report.pdf', {}, ada.key);
    await rowOf(page, 'report.pdf').waitFor();
    await page.getByText(/Ada\W uploaded \Wreport.pdf/).waitFor();
    await update(server, { fileId: id, name: 'final.pdf' }, ada.key);
    await rowOf(page, 'final.pdf').waitFor();
    await expectAccessible(page);
    await remove(server, id, false, ada.key);
    await rowOf(page, 'final.pdf').waitFor({ state: 'detached' });
    expect(session.complaints).toEqual([]);
  });
});
