import { connect } from 'node:net';
import type pino from 'pino';
import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { startProcess } from '../support/process.ts';
import { ADMIN_KEY } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Line {
  level: number;
  msg: string;
  repeated?: number;
  omitted?: number;
  err?: { message: string; stack: string };
}

/** A log that collects its lines in memory. */
function logged(logLevel: 'info' | 'debug' = 'info') {
  const texts: string[] = [];
  const destination = { write: (text: string) => texts.push(text) } as unknown as pino.DestinationStream;
  const log = createLog({ logLevel }, destination as never);
  const lines = () => texts.map((text) => JSON.parse(text) as Line);
  return { ...log, [Symbol.dispose]: () => log[Symbol.dispose](), texts, lines };
}

test('2,000 broken WebSocket connections are logged as fewer than 700 lines that include their count', async () => {
  await using folder = await temporaryFolder('log');
  const env = { DATA_DIR: folder.path, ATTACHE_ADMIN_KEY: ADMIN_KEY, LOG_LEVEL: 'info' };
  await using server = await startProcess(env);
  const url = new URL(server.graphqlUrl);
  const breakOne = (bytes: Buffer) =>
    new Promise<void>((resolve) => {
      const socket = connect(Number(url.port), url.hostname, () => {
        socket.write(
          'GET /graphql HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
            'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
        );
        socket.write(bytes);
      });
      socket.on('data', () => {}).on('error', () => {});
      socket.once('close', () => resolve());
    });
  const attack = async (index: number) => {
    // Reserved bits, and invalid close codes: each of them has a different reason.
    const closing = Buffer.from([0x88, 0x82, 0, 0, 0, 0, (index >> 8) & 0x01, index & 0xff]);
    await breakOne(index % 2 ? Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) : closing);
  };
  for (let index = 0; index < 2000; index += 50)
    await Promise.all(Array.from({ length: 50 }, (_, offset) => attack(index + offset)));
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0 });
  const lines = server
    .logged()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.length).toBeLessThan(700);
  expect(server.logged().length).toBeLessThan(256 * 1024);
  const counted = lines.reduce((sum, { repeated, omitted }) => sum + (repeated ?? omitted ?? 1), 0);
  expect(counted).toBeGreaterThanOrEqual(2000);
  expect(lines.some(({ msg }) => /repeated [\d,]+ times/.test(msg))).toBe(true);
});

test('repeats of one cause are counted after ten lines, separately for each cause and level', () => {
  const { logger, lines, ...log } = logged();
  for (let times = 0; times < 5000; times++) {
    logger.error({ err: new Error('the disk is away') }, 'a request failed');
    logger.child({}).warn({ reason: 'slow' }, 'a request failed');
  }
  logger.error({ err: new Error('the database is away') }, 'a request failed');
  expect(lines().length).toBe(21);
  expect(lines().at(-1)).toMatchObject({ err: { message: 'the database is away' } });
  log[Symbol.dispose]();
  expect(lines().slice(21)).toMatchObject([
    { level: 50, repeated: 4990, msg: 'a request failed: Error: the disk is away (repeated 4,990 times)' },
    { level: 40, repeated: 4990, msg: 'a request failed: slow (repeated 4,990 times)' },
  ]);
});

test('above 300 lines of one level, further causes are only counted', () => {
  const { logger, lines, ...log } = logged();
  for (let times = 0; times < 5000; times++) logger.info({ reason: `cause ${times}` }, 'a client failed');
  logger.error({ err: new Error('still there') }, 'a request failed');
  logger.fatal('always there');
  log[Symbol.dispose]();
  expect(lines().length).toBe(303);
  expect(lines()[300]).toMatchObject({ level: 50, err: { message: 'still there' } });
  expect(lines().at(-1)).toMatchObject({ level: 30, omitted: 4700 });
});

test('a log line is valid JSON of at most 4 KiB and its metadata', () => {
  const { logger, texts, lines } = logged();
  logger.error({ err: new Error('x'.repeat(1_000_000)) }, 'a long error');
  logger.info({ a: { deep: 'y'.repeat(1_000_000) } }, 'a long detail');
  logger.info('z'.repeat(1_000_000));
  for (const text of texts) expect(text.length).toBeLessThanOrEqual(4096 + 1000);
  expect(lines().map(({ msg }) => msg.slice(0, 10))).toEqual(['a long err', 'a long det', 'zzzzzzzzzz']);
});

test('the level `debug` logs every line', () => {
  const { logger, lines } = logged('debug');
  for (let times = 0; times < 100; times++) logger.debug('a step');
  expect(lines().length).toBe(100);
});
