import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { Upload } from 'graphql-upload-minimal';
import { builder } from './builder.ts';

builder.addScalarType(
  'DateTime',
  new GraphQLScalarType<Date, string>({
    name: 'DateTime',
    description: 'A moment, in UTC and to the millisecond, as in `2026-11-21T02:16:00.000Z`.',
    specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
    serialize: (value) => (value as Date).toISOString(),
    parseValue: parseDate,
    parseLiteral: (node) => parseDate(node.kind === Kind.STRING ? node.value : undefined),
  }),
);

builder.addScalarType(
  'ByteSize',
  new GraphQLScalarType<number, number>({
    name: 'ByteSize',
    description: 'A number of bytes: a whole JSON number that may pass 2³¹, but not 2⁵³.',
    serialize: (value) => value as number,
  }),
);

/**
 * Coerced before anything is authorized, so it starts nothing: the bytes are read when a resolver asks for them.
 */
builder.addScalarType(
  'Upload',
  new GraphQLScalarType<Upload, never>({
    name: 'Upload',
    description:
      'A file of a multipart request. Send `null` in its place in `variables` and the file as a part of the form, as ' +
      'https://github.com/jaydenseric/graphql-multipart-request-spec says; upload clients do it for you.',
    specifiedByURL: 'https://github.com/jaydenseric/graphql-multipart-request-spec',
    parseValue(value) {
      if (value instanceof Upload) return value;
      throw new GraphQLError('Files are sent as parts of a multipart request, not inside of JSON.');
    },
    parseLiteral(node) {
      throw new GraphQLError('A file cannot be written in the query; give it as a variable.', { nodes: node });
    },
    serialize() {
      throw new GraphQLError('Uploads are only ever sent to the server.');
    },
  }),
);

function parseDate(value: unknown): Date {
  const date = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value) : undefined;
  if (!date || Number.isNaN(date.getTime())) throw new GraphQLError('Write a moment as in "2026-11-21T02:16:00Z".');
  return date;
}
