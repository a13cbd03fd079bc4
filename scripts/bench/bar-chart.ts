export interface Bar {
  label: string;
  value: number;
}

const ROW = 26;
const LABEL_WIDTH = 190;
const BAR_WIDTH = 360;
const VALUE_WIDTH = 60;
const TITLE_HEIGHT = 28;

/** Draws values as horizontal bars, in SVG that reads on light and dark pages. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const largest = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const height = TITLE_HEIGHT + bars.length * ROW;
  const width = LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH;
  const rows = bars.map(({ label, value }, index) => {
    const top = TITLE_HEIGHT + index * ROW;
    const length = Math.max(1, Math.round((value / largest) * BAR_WIDTH));
    const middle = top + ROW / 2 + 4;
    return [
      `<text x="${LABEL_WIDTH - 8}" y="${middle}" text-anchor="end">${escaped(label)}</text>`,
      `<rect x="${LABEL_WIDTH}" y="${top + 4}" width="${length}" height="${ROW - 8}" rx="2"/>`,
      `<text x="${LABEL_WIDTH + length + 6}" y="${middle}">${value.toFixed(2)}</text>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    '<style>text{font:13px sans-serif;fill:#555}rect{fill:#4c78a8}',
    '@media(prefers-color-scheme:dark){text{fill:#bbb}}</style>',
    `<text x="0" y="16">${escaped(title)}</text>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

const escaped = (text: string) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
