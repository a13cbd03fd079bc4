import type { CombinedError } from 'urql';
import { messages } from '../messages/messages.ts';

/** What went wrong, for people: the message of the server, or that it could not be reached. */
export function describeError(error: CombinedError): string {
  if (error.networkError && !error.response) return messages.unreachable;
  return error.graphQLErrors.map(({ message }) => message).join(' ') || error.message;
}

/** The code of the first error of the server, as in `FORBIDDEN`, for decisions. */
export function codeOfError(error: CombinedError): string | undefined {
  return error.graphQLErrors[0]?.extensions.code as string | undefined;
}
