import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Sends the header `Retry-After` with temporary errors of fields, whose response has the status
 * 200: the longest of their times. Errors of whole requests set it with their status.
 */
export const retryAfter: Plugin = {
  onResultProcess({ result, setResult }) {
    const { errors, extensions } = result as ExecutionResult;
    const seconds = (errors ?? []).flatMap((error) => secondsOf(error.extensions?.retryAfterSeconds));
    if (seconds.length === 0) return;
    const http = { headers: { 'retry-after': String(Math.max(...seconds)) } };
    setResult({ ...result, extensions: { ...extensions, http } } as never);
  },
};

const secondsOf = (value: unknown): number[] => (typeof value === 'number' ? [value] : []);
