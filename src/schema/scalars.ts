import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { Upload } from 'graphql-upload-minimal';
import { parseDateTime } from '../date-time.ts';
import { decodeBase64 } from '../uploads/base64.ts';
import { builder } from './builder.ts';

builder.addScalarType(
  'DateTime',
  new GraphQLScalarType<Date, string>({
    name: 'DateTime',
    description:
      'A point in time in ISO 8601, returned in UTC with milliseconds, as in `2026-11-21T02:16:00.000Z`. ' +
      'Input requires an offset from UTC, as in `2026-11-21T03:16:00+01:00`.',
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
    description: 'A number of bytes: an integer that may exceed 2³¹, but not 2⁵³.',
    serialize: (value) => value as number,
  }),
);

builder.addScalarType(
  'Base64',
  new GraphQLScalarType<Buffer, never>({
    name: 'Base64',
    description:
      'Bytes in base64, see https://www.rfc-editor.org/rfc/rfc4648#section-4. Padding is optional; line ' +
      'breaks are ignored.',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc4648#section-4',
    parseValue: parseBase64,
    parseLiteral: (node) => parseBase64(node.kind === Kind.STRING ? node.value : undefined),
    serialize() {
      throw new GraphQLError('Base64 is only ever sent to the server.');
    },
  }),
);

/**
 * Coercion runs before authorization: it reads no bytes. They are read when a resolver calls
 * `receive`.
 */
builder.addScalarType(
  'Upload',
  new GraphQLScalarType<Upload, never>({
    name: 'Upload',
    description:
      'A file of a multipart request. Send `null` in its place in `variables` and the file as a part of ' +
      'the form, see https://github.com/jaydenseric/graphql-multipart-request-spec. Upload clients do this ' +
      'for you.',
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

/** More characters than any valid time has. */
const MAX_DATE_LENGTH = 64;

/**
 * Parses a time in the years 1 to 9999, which both databases support and ISO 8601 writes with four
 * digits.
 */
function parseDate(value: unknown): Date {
  const date = typeof value === 'string' && value.length <= MAX_DATE_LENGTH ? parseDateTime(value) : undefined;
  const year = date?.getUTCFullYear() ?? Number.NaN;
  if (!date || !(year >= 1 && year <= 9999))
    throw new GraphQLError(
      'Write a moment of the calendar with its offset from UTC, as in "2026-11-21T02:16:00Z" or "2026-11-21T03:16:00+01:00".',
    );
  return date;
}

function parseBase64(value: unknown): Buffer {
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined;
  if (!bytes) throw new GraphQLError('Write bytes in base64: letters, digits, "+" and "/".');
  return bytes;
}
