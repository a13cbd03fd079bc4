import { encodeExtended } from 'content-disposition';
import { getFile } from '../../files/load-files.ts';
import type { Call } from './call.ts';

/**
 * Sends the content of a file. Its true type is withheld: clients treat `application/json` as an
 * error.
 */
export async function handleDownload({ ctx, exchange }: Call, id: number): Promise<undefined> {
  const { name } = await getFile(ctx, id);
  await exchange.options.download(ctx, id, exchange.request, exchange.response, {
    'content-type': 'application/x-download',
    'content-disposition': `attachment; filename*=${encodeExtended(name.toWellFormed())}`,
  });
}
