import pino, { type Logger, type LoggerOptions } from 'pino';
import type { Config } from './config.ts';

/**
 * Lines with one message and one cause that are written in each period; beyond that, they are
 * counted.
 */
const MAX_SIMILAR = 10;
/**
 * Lines of one level, regardless of their text: messages and causes may contain text of clients.
 */
const MAX_PER_LEVEL = 300;
const PERIOD_MS = 60_000;
/** Characters of one line. */
const MAX_LINE = 4096;
/** Characters of one text in it, such as the stack of an error. */
const MAX_TEXT = 2000;

/** `fatal` is always written. Below `info` nothing is limited: the operator has chosen to debug. */
const { fatal: FATAL, info: INFO } = pino.levels.values as Record<string, number>;

/** The arguments of a logging method. */
type Arguments = Parameters<NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>>[0];

/** Counts of similar lines, or of all lines of one level. */
interface Tally {
  written: number;
  omitted: number;
  /** Writes a line of this level, without the limit. */
  write(details: object, message: string): void;
}

export interface LimitedLog extends Disposable {
  logger: Logger;
  /** For lines that are limited elsewhere: the requests. */
  unlimited: Logger;
}

/**
 * Logs to standard error, as JSON, one entry a line, and never logs keys. No client can fill a
 * disk: similar lines are written a few times a minute, then counted, and the length of each is
 * limited. Disposing of it writes the counts.
 */
export function createLog({ logLevel }: Pick<Config, 'logLevel'>, destination = pino.destination(2)): LimitedLog {
  const limit = new LogLimit();
  const options: LoggerOptions = {
    level: logLevel,
    redact: ['req.headers.authorization'],
    serializers: { err: (error) => truncateTexts(pino.stdSerializers.err(error)) },
    formatters: { log: truncateTexts },
  };
  const streamWrite = (line: string) => (line.length <= MAX_LINE ? line : truncateLine(line));
  const logMethod: NonNullable<LoggerOptions['hooks']>['logMethod'] = function (args, method, level) {
    const write = (...line: unknown[]) => method.apply(this, line as never);
    if (limit.allows(args, level, write)) write(...args);
  };
  return {
    logger: pino({ ...options, hooks: { logMethod, streamWrite } }, destination),
    unlimited: pino({ ...options, hooks: { streamWrite } }, destination),
    [Symbol.dispose]: () => limit.summarize(),
  };
}

/** Counts lines by level, message and cause. */
class LogLimit {
  readonly #levels = new Map<number, Tally>();
  readonly #similar = new Map<string, Tally>();
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;

  /** Whether the line may be written now; if not, it is counted. */
  allows(args: Arguments, level: number, write: Tally['write']): boolean {
    if (level >= (FATAL ?? 0) || level < (INFO ?? 0)) return true;
    if (performance.now() - this.#since > PERIOD_MS) this.summarize();
    const all = tallyOf(this.#levels, level, write);
    if (all.written >= MAX_PER_LEVEL) return this.#omit(all);
    const similar = tallyOf(this.#similar, `${level} ${messageOf(args)}`, write);
    if (similar.written >= MAX_SIMILAR) return this.#omit(similar);
    all.written += 1;
    similar.written += 1;
    return true;
  }

  /** Logs how many lines were left out, and resets the counts. */
  summarize(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#since = performance.now();
    for (const [key, { omitted, write }] of this.#similar)
      if (omitted > 0)
        write({ repeated: omitted }, `${key.slice(key.indexOf(' ') + 1)} (repeated ${count(omitted)} times)`);
    for (const { omitted, write } of this.#levels.values())
      if (omitted > 0) write({ omitted }, `${count(omitted)} other lines of this level were left out`);
    this.#similar.clear();
    this.#levels.clear();
  }

  #omit(tally: Tally): false {
    tally.omitted += 1;
    this.#timer ??= setTimeout(() => this.summarize(), PERIOD_MS).unref();
    return false;
  }
}

function tallyOf<Key>(tallies: Map<Key, Tally>, key: Key, write: Tally['write']): Tally {
  const known = tallies.get(key);
  if (known) return known;
  const created = { written: 0, omitted: 0, write };
  tallies.set(key, created);
  return created;
}

const count = (lines: number) => lines.toLocaleString('en');

/** The message with its cause: each cause is counted separately. */
function messageOf([first, message]: readonly unknown[]): string {
  if (typeof first === 'string') return first.slice(0, 200);
  const { err, reason } = (first instanceof Error ? { err: first } : (first ?? {})) as {
    err?: unknown;
    reason?: unknown;
  };
  const cause = err instanceof Error ? `${err.name}: ${err.message}` : reason;
  const text = typeof message === 'string' ? message : '';
  return cause === undefined ? text.slice(0, 200) : `${text.slice(0, 200)}: ${String(cause).slice(0, 200)}`;
}

/** The details, with long texts truncated. */
function truncateTexts<Details extends object>(details: Details): Details {
  const isShort = Object.values(details).every((value) => typeof value !== 'string' || value.length <= MAX_TEXT);
  if (isShort) return details;
  const entries = Object.entries(details).map(([name, value]) => [
    name,
    typeof value === 'string' ? truncated(value) : value,
  ]);
  return Object.fromEntries(entries) as Details;
}

const truncated = (text: string) => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT).toWellFormed()}…`);

/** A line that is still too long, as the beginning of its text. */
function truncateLine(line: string): string {
  const { level, time, msg } = JSON.parse(line) as { level: number; time: number; msg?: string };
  const beginning = line.slice(0, MAX_TEXT).toWellFormed();
  return `${JSON.stringify({ level, time, msg: truncated(msg ?? '').slice(0, 200), beginning })}\n`;
}
