import { ConnectionError, HttpError, OperationError, temporaryFailure } from 'attache-client/errors';
import { backoffMs, retryDelayMs, withRetry } from 'attache-client/retry';
import { describe, expect, test } from 'vitest';

const response = (status: number, text = '', headers: Record<string, string> = {}) => ({
  status,
  text,
  header: (name: string) => headers[name] ?? null,
});
const refused = (code: string, extensions = {}) =>
  new OperationError([{ message: 'x', extensions: { code, ...extensions } }]);

describe('temporary failures', () => {
  const outage = { isOutage: true, mayBeExecuted: true };
  const busy = { isOutage: true, mayBeExecuted: false };
  const fault = { isOutage: false, mayBeExecuted: true };

  test.each([
    ['a lost connection', new ConnectionError('lost'), outage],
    ['a proxy without a server', new HttpError(response(502, '<html>')), outage],
    ['a status of a proxy that is not known', new HttpError(response(599)), outage],
    ['a server that stops', new HttpError(response(503)), outage],
    ['a limit of requests', new HttpError(response(429)), busy],
    ['a fault of the server', new HttpError(response(500)), fault],
    ['an error of the storage', refused('STORAGE_UNAVAILABLE'), outage],
    ['a status 500 with a code', new HttpError(response(500, '{"error":{"code":"RATE_LIMITED"}}')), busy],
    ['an error without a code', new OperationError([]), fault],
    ['a refusal', refused('FORBIDDEN'), undefined],
    ['a refusal without a code', new HttpError(response(403)), undefined],
    ['a server that cannot do it', new HttpError(response(501)), undefined],
    ['a full storage', new HttpError(response(507)), undefined],
    ['a key of the prototype', refused('constructor'), undefined],
    ['an error of a program', new TypeError('x'), undefined],
    ['nothing', undefined, undefined],
  ])('%s', (_what, error, expected) => {
    expect(temporaryFailure(error)).toEqual(expected);
  });

  test('code and message are those of the response, in either form', () => {
    const rest = new HttpError(response(413, '{"error":{"code":"PAYLOAD_TOO_LARGE","message":"Too large."}}'));
    expect([rest.code, rest.message, rest.status]).toEqual(['PAYLOAD_TOO_LARGE', 'Too large.', 413]);
    const graphql = new HttpError(
      response(400, '{"errors":[{"message":"No.","extensions":{"code":"BAD_USER_INPUT"}}]}'),
    );
    expect([graphql.code, graphql.message]).toEqual(['BAD_USER_INPUT', 'No.']);
    const proxy = new HttpError(response(413, 'null'));
    expect([proxy.code, proxy.message]).toEqual(['PROXY_LIMIT', 'The server responded with status 413.']);
  });
});

test('delays grow to 30 seconds, are random, and are those of Retry-After where they are longer', () => {
  for (let attempt = 0; attempt < 20; attempt++) {
    const longest = Math.min(30_000, 250 * 2 ** attempt);
    const delays = Array.from({ length: 20 }, () => backoffMs(attempt));
    expect(Math.max(...delays)).toBeLessThanOrEqual(longest);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(attempt === 0 ? 0 : longest / 2);
    expect(new Set(delays).size).toBeGreaterThan(1);
  }
  const delayAfter = (value: string) => retryDelayMs(new HttpError(response(503, '', { 'retry-after': value })), 0);
  expect(delayAfter('7')).toBe(7000);
  expect(delayAfter(new Date(Date.now() + 60_000).toUTCString())).toBeGreaterThan(58_000);
  expect(delayAfter('86400')).toBe(300_000);
  for (const value of ['', '-1', 'soon', new Date(0).toUTCString()]) expect(delayAfter(value)).toBeLessThanOrEqual(250);
  expect(retryDelayMs(refused('RATE_LIMITED', { retryAfterSeconds: 3 }), 0)).toBe(3000);
});

/** Fails so often, and returns how often the attempt was made. */
async function attempts(failures: unknown[], options: Parameters<typeof withRetry>[1] = {}, advances = false) {
  const left = [...failures];
  let made = 0;
  const attempt = async (advanced: () => void) => {
    made += 1;
    if (advances) advanced();
    if (left.length > 0) throw left.shift();
  };
  const error = await withRetry(attempt, { retryDelay: () => 1, ...options }).catch((thrown) => thrown);
  return { made, error };
}

test('an attempt is repeated while its failures are temporary, and without progress at most so often', async () => {
  const lost = new ConnectionError('lost');
  const waits: number[] = [];
  const onRetry = (_error: Error, delayMs: number) => void waits.push(delayMs);
  expect(await attempts([lost, refused('RATE_LIMITED')], { onRetry })).toEqual({ made: 3, error: undefined });
  expect(waits).toEqual([1, 1]);
  expect(await attempts(Array(4).fill(lost), { retries: 3 })).toEqual({ made: 4, error: lost });
  expect(await attempts(Array(8).fill(lost), { retries: 3 }, true)).toEqual({ made: 9, error: undefined });
  expect(await attempts([refused('FORBIDDEN')])).toMatchObject({ made: 1, error: { code: 'FORBIDDEN' } });
});

test('what may have been executed is repeated only where that has no further effect', async () => {
  for (const error of [new ConnectionError('lost'), new HttpError(response(503)), refused('INTERNAL_SERVER_ERROR')])
    expect(await attempts([error], { isIdempotent: false })).toEqual({ made: 1, error });
  expect(await attempts([refused('RATE_LIMITED')], { isIdempotent: false })).toEqual({ made: 2, error: undefined });
});

test('a wait ends with the reason of the signal', async () => {
  const leaving = new AbortController();
  const reason = new Error('left');
  const onRetry = () => setTimeout(() => leaving.abort(reason), 10);
  const options = { signal: leaving.signal, retryDelay: () => 60_000, onRetry };
  expect(await attempts([new ConnectionError('lost')], options)).toEqual({ made: 1, error: reason });
});
