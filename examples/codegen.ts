import type { CodegenConfig } from '@graphql-codegen/cli';
import { scalars } from 'attache-client/scalars';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['*.ts'],
  generates: {
    'generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { strictScalars: true, scalars, useTypeImports: true, enumsAsTypes: true },
    },
  },
  importExtension: '.ts',
};

export default config;
