import { appendFileSync } from 'node:fs';

/** Figures of one server under one load: each name has its unit. */
export type Figures = Record<string, number>;

/** What a measurement found of one server, for the report. */
export interface Result {
  measurement: string;
  /** What was done, as in `10 KiB, 16 at once`. */
  load: string;
  server: string;
  figures: Figures;
  /** Each figure divided by that of the server that the measurement compares with. */
  ratios: Figures;
}

/** The file that `npm run bench -- --report` collects results in, one JSON object in each line. */
const file = process.env.BENCH_RESULTS;

/** Prints the figures of a server, with their ratios to a base in brackets, and records them. */
export function report(measurement: string, load: string, server: string, figures: Figures, base: Figures): void {
  const columns = Object.entries(figures).map(([name, value]) => {
    const ratio = base[name] ? ` (${(value / base[name]).toFixed(2)})` : '';
    return `${value.toFixed(value < 100 ? 2 : 0).padStart(9)} ${name}${ratio}`.padEnd(34);
  });
  console.log(`${load.padEnd(28)} ${server.padEnd(24)} ${columns.join('').trimEnd()}`);
  const ratios = Object.entries(figures).flatMap(([name, value]) => (base[name] ? [[name, value / base[name]]] : []));
  record({ measurement, load, server, figures, ratios: Object.fromEntries(ratios) });
}

/** Records a result for the report, if there will be one. */
export function record(result: Result): void {
  if (file) appendFileSync(file, `${JSON.stringify(result)}\n`);
}

/** The value below which a part of the values is, as in 0.99. */
export const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The medians of the figures of several rounds. */
export function medians(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((round) => round[name] as number))]));
}
