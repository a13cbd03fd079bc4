import sharp from 'sharp';
import { expect, test } from 'vitest';
import { openPage } from '../support/browser.ts';
import { uploadFile } from '../support/files.ts';
import { isInstalled } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { createShareLink } from './share-guests.ts';

test.runIf(isInstalled('Chromium'))(
  'the page shows thumbnails and the downloads that are left, and downloads all files',
  { timeout: 120_000 },
  async () => {
    await using server = await startTestServer();
    const picture = sharp({ create: { width: 90, height: 60, channels: 3, background: 'red' } });
    await uploadFile(server, 'Task:1', { name: 'a.png', content: new Blob([await picture.png().toBuffer()]) });
    await uploadFile(server, 'Task:1', { name: 'b.txt', content: 'shown by browsers', type: 'text/plain' });
    const { url } = await createShareLink(server, { maxDownloads: 2 });
    await using opened = await openPage('about:blank');
    const { page } = opened;
    const refused: string[] = [];
    page.on('console', (message) => /Content Security Policy/.test(message.text()) && refused.push(message.text()));
    await page.goto(url);
    await page.getByText('2 downloads left').waitFor();
    const image = page.locator('li img');
    expect(await image.count()).toBe(1);
    await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(90);
    const downloadOf = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByText(name, { exact: true }).click(),
      ]);
      return download.suggestedFilename();
    };
    expect(await downloadOf('Download all')).toBe('Share-1.zip');
    await page.getByText('1 download left').waitFor();
    // A browser would show text in place of the page.
    expect(await downloadOf('b.txt')).toBe('b.txt');
    await page.getByText('No downloads left').waitFor();
    expect(await page.locator('a[href]').count()).toBe(0);
    expect(refused).toEqual([]);
    await page.reload();
    await page.getByText('No downloads left').waitFor();
    expect([await page.locator('li').count(), await image.count()]).toEqual([2, 0]);
    expect(await page.locator('a[href]').count()).toBe(0);
    expect(refused).toEqual([]);
  },
);

test.runIf(isInstalled('Chromium'))(
  'the page of a link without a limit shows no number, and of one file no archive',
  { timeout: 120_000 },
  async () => {
    await using server = await startTestServer();
    const { id } = await uploadFile(server, 'Task:1', 'b.txt');
    const { url } = await createShareLink(server, { fileId: id });
    await using opened = await openPage('about:blank');
    await opened.page.goto(url);
    await opened.page.locator('li a').waitFor();
    expect(await opened.page.getByText('left').isVisible()).toBe(false);
    expect(await opened.page.getByText('Download all').isVisible()).toBe(false);
  },
);

test.runIf(isInstalled('Chromium'))(
  'the page says when its address has lost the token',
  { timeout: 120_000 },
  async () => {
    await using server = await startTestServer();
    await using opened = await openPage('about:blank');
    await opened.page.goto(`${server.url}/share`);
    await opened.page.getByText('The address is incomplete').waitFor();
  },
);
