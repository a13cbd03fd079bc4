import pino, { type Logger, type LoggerOptions } from 'pino';
import type { Config } from './config.ts';

/** Lines of one message with one cause that are written whole in each period; beyond it, they are counted. */
const MAX_ALIKE = 10;
/** Lines of one level, whatever they say: messages and causes may contain what a client chose. */
const MAX_PER_LEVEL = 300;
const PERIOD_MS = 60_000;
/** Of one line. */
const MAX_LINE = 4096;
/** Of one text in it, such as the stack of an error. */
const MAX_TEXT = 2000;

/** The most severe level, which is always written, and the least severe that is limited: an operator asks for debugging. */
const { fatal: FATAL, info: INFO } = pino.levels.values as Record<string, number>;

/** What of a line the limit reads. */
type Arguments = Parameters<NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>>[0];

/** Lines that are alike, or all of one level. */
interface Tally {
  written: number;
  leftOut: number;
  /** Writes a line of this level, past the limit. */
  write(details: object, message: string): void;
}

export interface LimitedLog extends Disposable {
  logger: Logger;
}

/**
 * Logs go to standard error, as JSON, one entry a line. Keys never do. No client can fill a disk with them: alike lines
 * are written a few times a minute, then counted, and each line is bounded. Disposing of it writes the counts.
 */
export function createLog({ logLevel }: Pick<Config, 'logLevel'>, destination = pino.destination(2)): LimitedLog {
  const limit = new LogLimit();
  const logger = pino(
    {
      level: logLevel,
      redact: ['req.headers.authorization'],
      serializers: { err: (error) => withShortTexts(pino.stdSerializers.err(error)) },
      formatters: { log: withShortTexts },
      hooks: {
        logMethod(args, method, level) {
          const write = (...line: unknown[]) => method.apply(this, line as never);
          if (limit.allows(args, level, write)) write(...args);
        },
        streamWrite: (line) => (line.length <= MAX_LINE ? line : cut(line)),
      },
    },
    destination,
  );
  return { logger, [Symbol.dispose]: () => limit.summarize() };
}

/** Counts lines by level, message and cause. */
class LogLimit {
  readonly #levels = new Map<number, Tally>();
  readonly #alike = new Map<string, Tally>();
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;

  /** Whether the line may be written now; if not, it is counted. */
  allows(args: Arguments, level: number, write: Tally['write']): boolean {
    if (level >= (FATAL ?? 0) || level < (INFO ?? 0)) return true;
    if (performance.now() - this.#since > PERIOD_MS) this.summarize();
    const all = tally(this.#levels, level, write);
    if (all.written >= MAX_PER_LEVEL) return this.#leaveOut(all);
    const alike = tally(this.#alike, `${level} ${messageOf(args)}`, write);
    if (alike.written >= MAX_ALIKE) return this.#leaveOut(alike);
    all.written += 1;
    alike.written += 1;
    return true;
  }

  /** Says how many lines were left out, and begins to count anew. */
  summarize(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#since = performance.now();
    for (const [key, { leftOut, write }] of this.#alike)
      if (leftOut > 0)
        write({ repeated: leftOut }, `${key.slice(key.indexOf(' ') + 1)} (repeated ${count(leftOut)} times)`);
    for (const { leftOut, write } of this.#levels.values())
      if (leftOut > 0) write({ leftOut }, `${count(leftOut)} other lines of this level were left out`);
    this.#alike.clear();
    this.#levels.clear();
  }

  #leaveOut(tally: Tally): false {
    tally.leftOut += 1;
    this.#timer ??= setTimeout(() => this.summarize(), PERIOD_MS).unref();
    return false;
  }
}

function tally<Key>(tallies: Map<Key, Tally>, key: Key, write: Tally['write']): Tally {
  const known = tallies.get(key);
  if (known) return known;
  const begun = { written: 0, leftOut: 0, write };
  tallies.set(key, begun);
  return begun;
}

const count = (lines: number) => lines.toLocaleString('en');

/** The message, and what caused it: different causes are counted by themselves. */
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

/** The same, with each of its texts cut. */
function withShortTexts<Details extends object>(details: Details): Details {
  const isShort = Object.values(details).every((value) => typeof value !== 'string' || value.length <= MAX_TEXT);
  if (isShort) return details;
  const entries = Object.entries(details).map(([name, value]) => [
    name,
    typeof value === 'string' ? shortened(value) : value,
  ]);
  return Object.fromEntries(entries) as Details;
}

const shortened = (text: string) => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT).toWellFormed()}…`);

/** A line that is still too long, as the beginning of its text. */
function cut(line: string): string {
  const { level, time, msg } = JSON.parse(line) as { level: number; time: number; msg?: string };
  const beginning = line.slice(0, MAX_TEXT).toWellFormed();
  return `${JSON.stringify({ level, time, msg: shortened(msg ?? '').slice(0, 200), beginning })}\n`;
}
