/**
 * Replaces the tags `graphql` of Relay by imports of what relay-compiler generated, as
 * babel-plugin-relay and vite-plugin-relay do in the build of an application.
 */
import { registerHooks } from 'node:module';

const TAG = /graphql`\s*(?:query|mutation|subscription|fragment) (\w+)[^`]*`/g;

registerHooks({
  load(url, context, nextLoad) {
    const result = nextLoad(url, context);
    // What relay-compiler generates imports types as if they were values. Builds leave them out.
    if (url.endsWith('.graphql.ts'))
      return { ...result, source: String(result.source).replace(/^import \{(.+)\} from/m, 'import type {$1} from') };
    if (!url.endsWith('.ts') || url.includes('/node_modules/')) return result;
    const source = String(result.source);
    const imports = [...source.matchAll(TAG)].map(
      ([, name]) => `import ${name}Document from './__generated__/${name}.graphql.ts';`,
    );
    return { ...result, source: `${imports.join('\n')}\n${source.replaceAll(TAG, '$1Document')}` };
  },
});
