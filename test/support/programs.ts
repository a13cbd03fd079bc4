import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Where Chromium is, if it is. */
export const chromiumPath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

const succeeds = ({ status }: SpawnSyncReturns<Buffer>) => status === 0;

/** What tests use that a bare machine may lack: how it is looked for, and how it is installed on Debian. */
const programs = {
  Chromium: {
    isThere: () => chromiumPath !== undefined,
    install: 'apt-get install chromium, or set CHROMIUM_PATH',
  },
  curl: { isThere: () => succeeds(spawnSync('curl', ['--version'])), install: 'apt-get install curl' },
  Python: { isThere: () => succeeds(spawnSync('python3', ['--version'])), install: 'apt-get install python3' },
  PHP: {
    isThere: () => succeeds(spawnSync('php', ['-r', 'exit(extension_loaded("curl") ? 0 : 1);'])),
    install: 'apt-get install php-cli php-curl',
  },
  Ceph: {
    isThere: () =>
      ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'monmaptool'].every((name) =>
        existsSync(`/usr/bin/${name}`),
      ),
    install: 'apt-get install ceph-mon ceph-osd ceph-common radosgw',
  },
};

const found = new Map<string, boolean>();

/**
 * Whether this machine has a program, for `test.runIf`. Where it is missing, one line says how to install it; with `CI`
 * set, the file of tests fails instead, so that none is skipped there.
 */
export function isInstalled(program: keyof typeof programs): boolean {
  const known = found.get(program);
  if (known !== undefined) return known;
  const { isThere, install } = programs[program];
  const isFound = isThere();
  if (!isFound) reportMissing(program, install);
  found.set(program, isFound);
  return isFound;
}

/** Says in one line why tests are skipped; throws where none may be. */
export function reportMissing(what: string, remedy: string): void {
  const line = `${what} is missing, and its tests are skipped. To run them: ${remedy}`;
  if (process.env.CI) throw new Error(line);
  console.error(line);
}
