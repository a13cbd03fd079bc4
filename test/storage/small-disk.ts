import { execFileSync } from 'node:child_process';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { reportMissing } from '../support/programs.ts';

/** A file system of its own in memory. Only root can have one: elsewhere the test is skipped, and says so. */
export async function smallDisk({ skip }: TestContext, options: string) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'attache-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder.path], { stdio: 'pipe' });
  } catch (error) {
    await folder.remove();
    reportMissing(`The right to mount a small disk (${(error as Error).message.trim()})`, 'run them as root');
    skip('only root can mount a small disk');
  }
  return {
    path: folder.path,
    /** Changes its size, or what else can be said of it. */
    grow: (size: string) => void execFileSync('mount', ['-o', `remount,${size}`, folder.path]),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['--lazy', folder.path]);
      await folder.remove();
    },
  };
}
