import { Command } from 'commander';

export const documentsCommand = (): Command =>
  new Command('documents')
    .description('print the GraphQL documents of these commands, for TRUSTED_DOCUMENTS')
    .action(async () => {
      const { documentManifest } = await import('../documents.ts');
      console.log(JSON.stringify(documentManifest(), null, 2));
    });
