/**
 * Prints the schema and generates the typed documents: `schema.graphql`, `test/generated/`,
 * `examples/generated/` and `examples/relay/__generated__/`. With `--check` it writes nothing, and
 * fails if the committed files differ.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { type CodegenConfig, type CodegenContext, generate } from '@graphql-codegen/cli';
import { lexicographicSortSchema, printSchema } from 'graphql';
import codegen from '../codegen.ts';
import examples from '../examples/codegen.ts';
import { schema } from '../src/schema/index.ts';

const check = process.argv.includes('--check');

const sdl = `${printSchema(lexicographicSortSchema(schema))}\n`;
// The documents are generated from the printed schema, so it comes first.
const drifted = await save('schema.graphql', sdl);
// The configuration of the examples is written for the folder of an application, which copies it.
const examplesHere: CodegenConfig = {
  ...examples,
  documents: ['examples/*.ts'],
  generates: { 'examples/generated/': examples.generates['generated/'] ?? [] },
};
for (const config of [codegen, examplesHere]) {
  const generated = (await generate(
    { ...config, silent: true, errorsOnly: true } as CodegenContext['config'],
    false,
  )) as {
    filename: string;
    content: string;
  }[];
  for (const { filename, content } of generated) drifted.push(...(await save(filename, content)));
}
if (!(await compileRelay())) drifted.push('examples/relay/__generated__');

if (check && drifted.length > 0) {
  console.error(`Out of date: ${drifted.join(', ')}. Run "npm run generate" and commit.`);
  process.exitCode = 1;
}

/** Compiles the example of Relay. Returns false if that is only checked, and out of date. */
async function compileRelay(): Promise<boolean> {
  const compiler: string = createRequire(import.meta.url)('relay-compiler');
  const options = ['relay.config.json', ...(check ? ['--validate'] : [])];
  try {
    await promisify(execFile)(compiler, options);
    return true;
  } catch (error) {
    if (!check) throw error;
    return false;
  }
}

/** Returns the path if its content differs, and writes it unless only checking. */
async function save(path: string, content: string): Promise<string[]> {
  const current = await readFile(path, 'utf8').catch(() => undefined);
  if (current === content) return [];
  if (!check) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    console.log(`wrote ${path}`);
  }
  return [path];
}
