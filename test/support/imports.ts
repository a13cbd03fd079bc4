import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One import, or one `export … from`, of a source file. */
export interface Import {
  /** The file, from `src/`. */
  from: string;
  /** Where the name of what it imports stands. */
  line: number;
  /** As it is written: a path, or the name of a library. */
  target: string;
  /** Nothing of it is left when the program runs. `import { type A }` loads the module, and is not of this kind. */
  isType: boolean;
}

const STATEMENT = /^(?:import|export)\s(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
/** `typeof import('x')` and `import('x').Type` are types; any other call loads the module. */
const CALL = /(typeof\s+)?\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)(\.[A-Z])?/g;

/** Reads the imports of a file below `src`; those that are called, too. */
export function importsOf(src: string, from: string): Import[] {
  const text = readFileSync(join(src, from), 'utf8');
  const lineAt = (index: number) => text.slice(0, index).split('\n').length;
  const statements = [...text.matchAll(STATEMENT)].map((found) => ({
    from,
    line: lineAt(found.index + found[0].length),
    target: found[1] ?? '',
    isType: /^(?:import|export)\s+type\b/.test(found[0]),
  }));
  const calls = [...text.matchAll(CALL)].map((found) => ({
    from,
    line: lineAt(found.index),
    target: found[2] ?? '',
    isType: found[1] !== undefined || found[3] !== undefined,
  }));
  return [...statements, ...calls];
}
