import { printable } from '../printable.ts';
import type { Output } from './output.ts';
import { formatSize } from './text.ts';

/** The progress of transfers: bars on a terminal, nothing in a pipe. */
export interface Progress {
  start(name: string, size: number): Transfer;
}

export interface Transfer {
  update(bytes: number): void;
  end(): void;
}

const NAME_WIDTH = 32;
const silent: Transfer = { update: () => {}, end: () => {} };

/** Draws bars on stderr if it is a terminal. */
export async function createProgress(output: Output): Promise<Progress> {
  const draws = process.stderr.isTTY && !(output.isJson && process.stdout.isTTY);
  if (!draws) return { start: () => silent };
  const { default: cliProgress } = await import('cli-progress');
  const bars = new cliProgress.MultiBar({
    stream: process.stderr,
    format: '{name} {bar} {percentage}% {done} of {size} {rate}',
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
    emptyOnZero: true,
    autopadding: true,
    stopOnComplete: false,
    gracefulExit: false,
  });
  let active = 0;
  return {
    start(name, size) {
      // Lines go above the bars while there are any.
      if (active === 0) output.redirect((line) => bars.log(line));
      active += 1;
      const payload = (bytes: number, rate = '') => ({ done: formatSize(bytes), rate });
      const fields = { name: padOrTruncate(printable(name)), size: formatSize(size), ...payload(0) };
      const bar = bars.create(Math.max(1, size), 0, fields);
      const started = { at: performance.now(), bytes: -1 };
      return {
        update(bytes) {
          // A resumed transfer has bytes at once that this run did not send.
          if (started.bytes < 0) started.bytes = bytes;
          const seconds = (performance.now() - started.at) / 1000;
          const rate = seconds > 1 ? `${formatSize(Math.round((bytes - started.bytes) / seconds))}/s` : '';
          bar.update(bytes, payload(bytes, rate));
        },
        end() {
          bar.stop();
          bars.remove(bar);
          active -= 1;
          if (active > 0) return;
          output.redirect(undefined);
          bars.stop();
        },
      };
    },
  };
}

/** Cuts or pads a name to the width of its column. */
function padOrTruncate(name: string): string {
  const letters = [...name];
  return letters.length > NAME_WIDTH ? `${letters.slice(0, NAME_WIDTH - 1).join('')}…` : name.padEnd(NAME_WIDTH);
}
