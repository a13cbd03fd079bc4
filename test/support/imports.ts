import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One `import`, or one `export … from`, of a source file. */
export interface Import {
  /** The path of the file, relative to `src/`. */
  from: string;
  /** The line of the module specifier. */
  line: number;
  /** The module specifier as written: a path, or the name of a package. */
  target: string;
  /** Whether it is erased at run time. `import { type A }` is not: it still loads the module. */
  isType: boolean;
}

const STATEMENT = /^(?:import|export)\s(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
/** `typeof import('x')` and `import('x').Type` are types; any other call loads the module. */
const CALL = /(typeof\s+)?\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)(\.[A-Z])?/g;

/** Reads the imports of a file below `src`, including calls of `import()` and `require()`. */
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
