import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents from the schema and the operations of some sources. */
const typedDocuments = (documents: string[]) => ({
  documents,
  preset: 'client' as const,
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
