import type { CombinedError } from 'urql';
import { messages } from '../messages/messages.ts';

/** What proxies answer while the server behind them is away. */
const UNAVAILABLE = [502, 503, 504];

/** Whether the same request may succeed later: the server did not answer, or is unavailable. */
export function isTemporary({ networkError, response }: CombinedError): boolean {
  if (!networkError) return false;
  return !response || UNAVAILABLE.includes((response as Response).status);
}

/** What went wrong, for people: the message of the server, or that it could not be reached. */
export function describeError(error: CombinedError): string {
  if (isTemporary(error)) return messages.unreachable;
  return error.graphQLErrors.map(({ message }) => message).join(' ') || error.message;
}

/** The code of the first error of the server, as in `FORBIDDEN`, for decisions. */
export function codeOfError(error: CombinedError): string | undefined {
  return error.graphQLErrors[0]?.extensions.code as string | undefined;
}
