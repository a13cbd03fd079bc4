import type { CodegenConfig } from '@graphql-codegen/cli';
import { scalars } from 'attache-client/scalars';

/** Typed documents for the tests and for the project's own clients, from the schema and the queries they write. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['test/**/*.ts', 'scripts/**/*.ts', '!test/generated/**'],
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        scalars,
      },
    },
  },
  importExtension: '.ts',
  ignoreNoDocuments: true,
};

export default config;
