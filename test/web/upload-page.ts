import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openPlace, signIn, uploads, visit } from './visit.ts';

export const MIB = 1024 * 1024;

/** Uploads of the tests take long enough to be disturbed. */
const BYTES_PER_SECOND = 12 * MIB;

export interface FileOnDisk {
  name: string;
  path: string;
  sha256: string;
}

/** A folder with files of random content, which is removed on disposal. */
export async function filesOnDisk(sizes: Record<string, number>) {
  const folder = await temporaryFolder('chosen');
  const files: FileOnDisk[] = [];
  for (const [name, size] of Object.entries(sizes)) {
    const content = randomBytes(size);
    const path = join(folder.path, name);
    await writeFile(path, content);
    files.push({ name, path, sha256: createHash('sha256').update(content).digest('hex') });
  }
  return { files, path: folder.path, [Symbol.asyncDispose]: () => folder.remove() };
}

/** Limits how fast the browser sends. */
export async function slowDown(page: Page, bytesPerSecond = BYTES_PER_SECOND): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });
}

/** Chooses files that are on the disk. */
export const choosePaths = (page: Page, files: readonly { path: string }[]) =>
  page
    .getByLabel('Upload files', { exact: true })
    .and(page.locator('input'))
    .setInputFiles(files.map(({ path }) => path));

/** Resolves when so much of all uploads was sent. */
export async function untilPercent(page: Page, percent: number): Promise<void> {
  await expect
    .poll(async () => Number(/(\d+) %/.exec((await uploads(page).textContent()) ?? '')?.[1] ?? 0), { interval: 50 })
    .toBeGreaterThanOrEqual(percent);
}

/** Drops files and folders of the disk on the page, as from a file manager. */
export async function dropPaths(page: Page, paths: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 300, data });
}

/** A browser of a user who looks at the first task, with the events that it receives. */
export async function watchTask(browser: Browser, url: string, key: string) {
  const session = await visit(browser, 'about:blank');
  const events = recordEvents(session.page);
  await session.page.goto(url);
  await signIn(session.page, key);
  await openPlace(session.page, 'Task:1');
  await session.page.getByText('Connected').waitFor();
  return { ...session, events };
}

/** Records the names of the events that a page receives. Call it before the page connects. */
function recordEvents(page: Page): { type: string; name: string }[] {
  const received: { type: string; name: string }[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const { type, payload: result } = JSON.parse(String(payload));
      const event = type === 'next' ? result.data?.fileEvents : undefined;
      if (event?.file) received.push({ type: event.type, name: event.file.name });
    }),
  );
  return received;
}
