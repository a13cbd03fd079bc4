import type { CodegenConfig } from '@graphql-codegen/cli';
import { scalars } from 'attache-client/scalars';

/** Typed documents from the schema and the operations of some sources. */
const typedDocuments = (documents: string[]) => ({
  documents,
  preset: 'client' as const,
  presetConfig: { fragmentMasking: false },
  config: {
    enumsAsTypes: true,
    useTypeImports: true,
    strictScalars: true,
    scalars,
  },
});

/** Typed documents for the tests, for the project's own clients and for the page. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'test/generated/': typedDocuments(['test/**/*.ts', 'scripts/**/*.ts', '!test/generated/**']),
    'src/web/generated/': typedDocuments(['src/web/**/*.{ts,tsx}', '!src/web/generated/**']),
  },
  importExtension: '.ts',
  ignoreNoDocuments: true,
};

export default config;
