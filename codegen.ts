import type { CodegenConfig } from '@graphql-codegen/cli';

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
        scalars: {
          DateTime: 'string',
          Base64: 'string',
          ByteSize: 'number',
          Upload: { input: 'Blob | File', output: 'never' },
        },
      },
    },
  },
  importExtension: '.ts',
  ignoreNoDocuments: true,
};

export default config;
