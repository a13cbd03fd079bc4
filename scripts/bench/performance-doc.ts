import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { barChart } from './bar-chart.ts';
import type { Result } from './results.ts';

const titles: Record<string, string> = {
  memory: 'Memory of a large upload',
  burst: 'Memory before and after many small uploads',
  upload: 'Uploads',
  download: 'Downloads',
  page: 'A page of fifty files with their uploaders',
  listing: 'A page of fifty files, by the size of the store',
  fanout: 'New files to WebSockets',
  growth: 'With many files, against a fresh server',
};

/** The versions of what is compared with, as installed. */
const peers = ['graphql-yoga', '@apollo/server', 'graphql-upload', 'ws'];

/** The text of `docs/performance.md`, and the charts that it shows by their file names. */
export function performanceDoc(results: readonly Result[], date: Date): { text: string; charts: Map<string, string> } {
  const charts = new Map<string, string>();
  const sections = [...Map.groupBy(results, ({ measurement }) => measurement)].map(([measurement, own]) => {
    const tables = [...Map.groupBy(own, ({ load }) => load)].map(([load, rows]) => {
      const [figure = ''] = Object.keys(rows.find(({ ratios }) => Object.keys(ratios).length > 0)?.ratios ?? {});
      const bars = rows.map(({ server, ratios }) => ({ label: server, value: ratios[figure] ?? 0 }));
      const name = `${measurement}-${load.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.svg`;
      if (figure && rows.length > 1) charts.set(name, barChart(`${figure}, ratio`, bars));
      const chart = charts.has(name) ? `\n\n![${load}: ${figure}](performance/${name})` : '';
      return `### ${load}\n\n${tableOf(rows)}${chart}`;
    });
    return `## ${titles[measurement] ?? measurement}\n\n${tables.join('\n\n')}`;
  });
  return { text: `${introduction(date)}\n\n${sections.join('\n\n')}\n`, charts };
}

function introduction(date: Date): string {
  const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
  const versions = peers.map((name) => `${name} ${lock.packages[`node_modules/${name}`].version}`);
  const [processor] = cpus();
  return [
    '# Performance',
    '',
    `Written by \`npm run bench -- --report\` on ${date.toISOString().slice(0, 10)}.`,
    `Machine: ${cpus().length} cores (${processor?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 1024 ** 3)} GiB,`,
    `Node ${process.versions.node}. Compared with ${versions.join(', ')}.`,
    '',
    'The servers of a table ran in turns in one run; figures are medians, and CPU is that of the',
    "server's process. In brackets is the ratio to the base of the table: compare ratios, because absolute",
    'figures vary with the machine and its load. [Benchmarks](benchmarks.md) describes the commands.',
  ].join('\n');
}

function tableOf(rows: readonly Result[]): string {
  const names = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const cell = ({ figures, ratios }: Result, name: string) => {
    const value = figures[name];
    if (value === undefined) return '';
    const ratio = ratios[name] === undefined ? '' : ` (${ratios[name].toFixed(2)})`;
    return `${value.toFixed(value < 100 ? 2 : 0)}${ratio}`;
  };
  return [
    line(['Server', ...names]),
    line(['---', ...names.map(() => '---:')]),
    ...rows.map((row) => line([row.server, ...names.map((name) => cell(row, name))])),
  ].join('\n');
}
