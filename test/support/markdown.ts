import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** A fenced code block of the documentation. */
export interface Block {
  /** Its first line, such as `docs/uploading.md:17`. */
  place: string;
  /** The info string after the fence; empty if there is none. */
  language: string;
  text: string;
}

/** The README, CONTRIBUTING.md and all pages below `docs/`. */
export function pagesOfDocs(): string[] {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', ...pages.sort()];
}

/** The code blocks of those pages. */
export const blocksOfDocs = (): Block[] =>
  pagesOfDocs().flatMap((path) => blocksIn(path, readFileSync(join(root, path), 'utf8')));

function blocksIn(path: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { block: Block; lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^\s*```\s*(\S*)/.exec(line);
    if (fence && !open)
      open = { block: { place: `${path}:${index + 1}`, language: fence[1] ?? '', text: '' }, lines: [] };
    else if (fence && open) {
      blocks.push({ ...open.block, text: open.lines.join('\n') });
      open = undefined;
    } else open?.lines.push(line);
  }
  if (open) throw new Error(`The block of ${open.block.place} has no end.`);
  return blocks;
}

/** Whether a block of `docs/clients/` is a part of a program of `examples/`, word for word. */
export const isExcerpt = ({ place, text }: Block): boolean =>
  place.startsWith('docs/clients/') && examples().some((example) => example.includes(text));

const examples = (): string[] =>
  readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|sh|py|html)$/.test(name))
    .map((name) => readFileSync(join(root, 'examples', name), 'utf8'));
