/**
 * The custom scalars of the schema as TypeScript types, for the GraphQL Code Generator (`scalars`
 * with `strictScalars`): https://the-guild.dev/graphql/codegen/docs/config-reference/naming-convention
 */
export const scalars = {
  /** ISO 8601, as in `2026-11-21T02:16:00.000Z`. */
  DateTime: 'string',
  Base64: 'string',
  /** Bytes: an integer that may exceed 2³¹, but not 2⁵³. */
  ByteSize: 'number',
  Upload: { input: 'Blob | File', output: 'never' },
} as const;

/** The same for the Relay compiler: `customScalarTypes` of `relay.config.js`. */
export const relayScalars = {
  DateTime: 'string',
  Base64: 'string',
  ByteSize: 'number',
  Upload: 'File',
} as const;
