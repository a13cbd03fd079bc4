import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The path of Chromium, if it is installed. */
export const chromiumPath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

const succeeds = ({ status }: SpawnSyncReturns<Buffer>) => status === 0;

/** Optional programs of the tests: how to detect each, and how to install it on Debian. */
const programs = {
  Chromium: {
    isAvailable: () => chromiumPath !== undefined,
    install: 'apt-get install chromium, or set CHROMIUM_PATH',
  },
  curl: { isAvailable: () => succeeds(spawnSync('curl', ['--version'])), install: 'apt-get install curl' },
  SQLite: {
    isAvailable: () => succeeds(spawnSync('sqlite3', ['--version'])),
    install: 'apt-get install sqlite3',
  },
  Python: { isAvailable: () => succeeds(spawnSync('python3', ['--version'])), install: 'apt-get install python3' },
  PHP: {
    isAvailable: () => succeeds(spawnSync('php', ['-r', 'exit(extension_loaded("curl") ? 0 : 1);'])),
    install: 'apt-get install php-cli php-curl',
  },
  nginx: {
    isAvailable: () => succeeds(spawnSync('nginx', ['-v'])),
    install: 'apt-get install nginx-light',
  },
  Caddy: {
    isAvailable: () => succeeds(spawnSync('caddy', ['version'])),
    install: 'apt-get install caddy',
  },
  systemd: {
    isAvailable: () => succeeds(spawnSync('systemd-analyze', ['--version'])),
    install: 'apt-get install systemd',
  },
  Compose: {
    isAvailable: () => succeeds(spawnSync('docker-compose', ['--version'])),
    install: 'apt-get install docker-compose',
  },
  bubblewrap: {
    // Not every system allows it to users.
    isAvailable: () => succeeds(spawnSync('bwrap', ['--unshare-user', '--ro-bind', '/', '/', 'true'])),
    install: 'apt-get install bubblewrap, or run as root',
  },
  Prometheus: {
    isAvailable: () =>
      succeeds(spawnSync('promtool', ['--version'])) && succeeds(spawnSync('prometheus', ['--version'])),
    install: 'apt-get install prometheus',
  },
  Ceph: {
    isAvailable: () =>
      ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'monmaptool'].every((name) =>
        existsSync(`/usr/bin/${name}`),
      ),
    install: 'apt-get install ceph-mon ceph-osd ceph-common radosgw',
  },
};

const found = new Map<string, boolean>();

/**
 * Whether a program is installed, for `test.runIf`. If it is missing, one line says how to install
 * it; with `CI` set, the test file fails, so that CI skips no test.
 */
export function isInstalled(program: keyof typeof programs): boolean {
  const known = found.get(program);
  if (known !== undefined) return known;
  const { isAvailable, install } = programs[program];
  const isFound = isAvailable();
  if (!isFound) reportMissing(program, install);
  found.set(program, isFound);
  return isFound;
}

/** Prints one line on why tests are skipped, or throws in CI. */
export function reportMissing(what: string, remedy: string): void {
  const line = `${what} is missing, and its tests are skipped. To run them: ${remedy}`;
  if (process.env.CI) throw new Error(line);
  console.error(line);
}
