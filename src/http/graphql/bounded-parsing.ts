import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Words of a query: names, signs, strings. Beyond it, looking at the query is the attack. */
const MAX_TOKENS = 10_000;

/**
 * A query that is longer, or has more lines, gets errors without `locations`. Every error
 * counts the lines from the start of the query, so a thousand errors below a megabyte of line breaks would block the
 * server for minutes; spaces and line breaks are no tokens, which are limited.
 */
const LONG_CHARACTERS = 20_000;
const LONG_LINES = 1000;

function isLong(query: string): boolean {
  if (query.length > LONG_CHARACTERS) return true;
  let lines = 0;
  for (let end = query.indexOf('\n'); end !== -1; end = query.indexOf('\n', end + 1)) lines += 1;
  for (let end = query.indexOf('\r'); end !== -1; end = query.indexOf('\r', end + 1)) lines += 1;
  return lines > LONG_LINES;
}

export function boundedParsing(): Plugin {
  return {
    onParse({ parseFn, params, setParseFn }) {
      const noLocation = isLong(String(params.source));
      setParseFn((source: unknown, options: object) => {
        try {
          return parseFn(source as never, { ...options, maxTokens: MAX_TOKENS, noLocation });
        } catch (error) {
          // The parser descends as deep as the query does.
          if (error instanceof RangeError) throw new GraphQLError('The query is nested too deeply.');
          throw error;
        }
      });
    },
  };
}
