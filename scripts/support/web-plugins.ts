import { cp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type DocumentNode, print } from 'graphql';
import type { Plugin } from 'vite';

/** Calls such as `graphql(`query Viewer { … }`)`, with the kind and name of the document. */
const CALL = /\bgraphql\(\s*`\s*(query|mutation|subscription|fragment)\s+(\w+)[^`]*`\s*,?\s*\)/g;

/**
 * Puts the text of each document where it is used. The generated module has the syntax trees of all
 * documents of the page, and would be loaded as a whole with the first view.
 */
export function inlineDocuments(documents: Record<string, unknown>): Plugin {
  const textOf = (kind: string, name: string) => {
    const document = documents[`${name}${kind === 'fragment' ? 'FragmentDoc' : 'Document'}`];
    if (!document) throw new Error(`There is no generated document ${name}: run \`npm run generate\`.`);
    return print(document as DocumentNode);
  };
  return {
    name: 'inline-documents',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/src/web/') || id.includes('/generated/')) return null;
      return code.replace(CALL, (_call, kind: string, name: string) => JSON.stringify(textOf(kind, name)));
    },
  };
}

/** What documents refer to without containing it: character maps, standard fonts, decoders. */
const RESOURCES = ['cmaps', 'standard_fonts', 'iccs', 'wasm'];

/**
 * Copies the resources of PDF.js into the build. The library finds them by their names, so they
 * have no hash; its version in the path makes them files that never change.
 */
export function copyPdfResources(): Plugin {
  const manifest = createRequire(import.meta.url).resolve('pdfjs-dist/package.json');
  let folder = '';
  return {
    name: 'copy-pdf-resources',
    apply: 'build',
    configResolved({ build, root }) {
      folder = join(root, build.outDir);
    },
    async writeBundle({ dir }) {
      const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
      for (const name of RESOURCES)
        await cp(join(dirname(manifest), name), join(dir ?? folder, 'assets', `pdfjs-${version}`, name), {
          recursive: true,
          // The policy of the page permits no WebAssembly, and no scripts of documents.
          filter: (path) => !/\.wasm$|quickjs/i.test(path),
        });
    },
  };
}
