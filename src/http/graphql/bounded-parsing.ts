import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * The errors of a query with more characters or lines have no `locations`. Each location is found
 * by counting lines from the start of the query, so a thousand errors below a megabyte of line
 * breaks would block the server for minutes. Line breaks and spaces are not tokens.
 */
const MAX_LOCATED_CHARACTERS = 20_000;
const MAX_LOCATED_LINES = 1000;

function isTooLongForLocations(query: string): boolean {
  if (query.length > MAX_LOCATED_CHARACTERS) return true;
  let lines = 0;
  for (let end = query.indexOf('\n'); end !== -1; end = query.indexOf('\n', end + 1)) lines += 1;
  for (let end = query.indexOf('\r'); end !== -1; end = query.indexOf('\r', end + 1)) lines += 1;
  return lines > MAX_LOCATED_LINES;
}

/**
 * Bounds the time that parsing and locating errors take. `maxTokens` counts names, punctuators and
 * strings: parsing more would be the attack.
 */
export function boundedParsing(maxTokens: number): Plugin {
  return {
    onParse({ parseFn, params, setParseFn }) {
      const noLocation = isTooLongForLocations(String(params.source));
      setParseFn((source: unknown, options: object) => {
        try {
          return parseFn(source as never, { ...options, maxTokens, noLocation });
        } catch (error) {
          // The parser is recursive: a deeply nested query overflows the stack.
          if (error instanceof RangeError) throw new GraphQLError('The query is nested too deeply.');
          throw error;
        }
      });
    },
  };
}
