import { printable, printableJson } from '../printable.ts';
import { ClientError } from './errors.ts';

/** Results go to stdout, for people or for programs; everything else goes to stderr. */
export interface Output {
  readonly isJson: boolean;
  /** Whether nobody reads stdout any more, as in `attache ls | head`. */
  readonly isClosed: boolean;
  /** One result: `data` as a line of JSON with `--json`, or else the cells as a line. */
  result(data: object, cells: readonly string[]): void;
  /** Waits until results are written. Throws `ClientError` when nobody reads them any more. */
  flush(): Promise<void>;
  /** A line for people. */
  note(text: string): void;
  /** Replaces how lines are written while progress bars are drawn. */
  redirect(write: ((text: string) => void) | undefined): void;
}

export function createOutput(isJson: boolean): Output {
  let isClosed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isClosed = true;
  });
  let writeAboveBars: ((text: string) => void) | undefined;
  const writeTo = (stream: NodeJS.WriteStream, line: string) => {
    // Bars are on the terminal: a line that comes there, too, has to go above them.
    if (writeAboveBars && stream.isTTY) writeAboveBars(line);
    else stream.write(line);
  };
  return {
    isJson,
    get isClosed() {
      return isClosed;
    },
    result(data, cells) {
      if (!isClosed) writeTo(process.stdout, `${isJson ? printableJson(data) : cells.map(printable).join('\t')}\n`);
    },
    async flush() {
      await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
      if (isClosed) throw new ClientError('Nobody reads the output any more.');
    },
    note: (text) => writeTo(process.stderr, `${printable(text)}\n`),
    redirect: (write) => {
      writeAboveBars = write;
    },
  };
}

/** Pads the cells of each column to one width, for terminals. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const safe = rows.map((row) => row.map(printable));
  const widths = safe[0]?.map((_, column) => Math.max(...safe.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of safe)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}
