const GRAPHQL_TYPE = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';

/** The media types of an `Accept` header in its order, without parameters and `q=0`. */
const mediaTypesIn = (accept: string | undefined): string[] =>
  (accept ?? '*/*')
    .split(',')
    .filter((range) => !/;\s*q=0(?:\.0*)?\s*(?:;|$)/i.test(range))
    .map((range) => range.split(';', 1)[0]?.trim().toLowerCase() ?? '');

/**
 * The media type of a GraphQL response: the first of the two types that the client accepts, as Yoga
 * chooses it.
 * https://graphql.github.io/graphql-over-http/draft/#sec-Accept
 */
export function graphQLTypeFor(accept: string | undefined): string {
  const accepted = mediaTypesIn(accept).find((type) =>
    [GRAPHQL_TYPE, JSON_TYPE, 'application/*', '*/*'].includes(type),
  );
  return accepted === GRAPHQL_TYPE ? GRAPHQL_TYPE : JSON_TYPE;
}

/**
 * Whether a client can read an event stream. A client that accepts every type can, such as curl;
 * but not when it also names a JSON type, as libraries do that wait for the end of the response.
 */
export function acceptsEventStream(accept: string | undefined): boolean {
  const types = mediaTypesIn(accept);
  if (types.includes('text/event-stream') || types.includes('text/*')) return true;
  return types.includes('*/*') && !types.includes(GRAPHQL_TYPE) && !types.includes(JSON_TYPE);
}
