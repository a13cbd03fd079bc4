import { execFileSync } from 'node:child_process';
import type { TestContext } from 'vitest';
import { reportMissing } from '../support/programs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Mounts a tmpfs. Only root may: otherwise the test is skipped and reports the missing right. */
export async function smallDisk({ skip }: TestContext, options: string) {
  const folder = await temporaryFolder('small-disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder.path], { stdio: 'pipe' });
  } catch (error) {
    await folder.remove();
    reportMissing(`The right to mount a small disk (${(error as Error).message.trim()})`, 'run them as root');
    skip('only root can mount a small disk');
  }
  return {
    path: folder.path,
    /** Remounts it with another size or other options. */
    grow: (size: string) => void execFileSync('mount', ['-o', `remount,${size}`, folder.path]),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['--lazy', folder.path]);
      await folder.remove();
    },
  };
}
