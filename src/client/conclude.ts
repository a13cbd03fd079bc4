import type { ClientContext } from './client-command.ts';
import { ClientError } from './errors.ts';

/**
 * Prints how many files were transferred. Throws the reason of the signal when it was aborted, and
 * `ClientError` when some of the files failed.
 */
export function concludeTransfers(
  { output, signal }: Pick<ClientContext, 'output' | 'signal'>,
  verb: 'uploaded' | 'downloaded',
  { done, skipped, failed }: { done: number; skipped: number; failed: number },
): void {
  const summary = [`${done} ${verb}`, `${skipped} already there`, ...(failed > 0 ? [`${failed} failed`] : [])];
  output.note(`${summary.join(', ')}.`);
  if (signal.aborted) output.note('Repeat the command: it continues where it stopped.');
  signal.throwIfAborted();
  if (failed > 0) throw new ClientError(`Not all files were ${verb}. Repeat the command to try the others again.`);
}
