import { OperationError } from 'attache-client/errors';
import type { ClientContext } from '../client-command.ts';
import { documents } from '../documents.ts';
import type { RemoteFile } from '../remote-files.ts';
import { openSubscriptions, subscriptionEnded, subscriptionError } from '../subscriptions.ts';

export interface FileAdded {
  cursor: string;
  type: string;
  onId: string;
  at: string;
  actor: { id: string; displayName: string };
  file: RemoteFile;
}

/**
 * Yields the events after a cursor, however often the connection is lost. Throws `ClientError` when
 * the server refuses the subscription or cannot send an event.
 */
export async function* fileAddedEvents(
  context: ClientContext,
  on: string,
  after: string,
): AsyncGenerator<FileAdded, void, undefined> {
  const { connection, signal } = context;
  await using subscriptions = openSubscriptions(context);
  const request = { query: documents.fileAdded, variables: { on, after } };
  try {
    for await (const { data, errors } of subscriptions.client.iterate<{ fileAdded: FileAdded }>(request, { signal })) {
      if (!data) throw new OperationError(errors ?? []);
      yield data.fileAdded;
    }
  } catch (error) {
    throw subscriptionError(connection, error);
  }
  signal.throwIfAborted();
  throw subscriptionEnded();
}
