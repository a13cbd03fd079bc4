import type { Client } from 'graphql-ws';
import { OperationError, temporaryFailure } from './errors.ts';
import { runQuery } from './run-query.ts';

const START_CURSOR =
  'query StartCursor($on: ID!) { node(id: $on) { ... on Attachable { files(first: 1) { eventCursor } } } }';

interface StartCursor extends Record<string, unknown> {
  node: { files?: { eventCursor: string } } | null;
}

/** The present position in the log of an attachable, so that no connection is the first. */
export async function findStartCursor(socket: Client, on: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { node } = await runQuery<StartCursor>(socket, { query: START_CURSOR, variables: { on } }, signal);
    return node?.files?.eventCursor;
  } catch (error) {
    // What may not be seen is refused again when the subscription starts. A server that executes
    // only trusted documents refuses this query alone.
    if (!(error instanceof OperationError) || temporaryFailure(error)) throw error;
    return undefined;
  }
}
