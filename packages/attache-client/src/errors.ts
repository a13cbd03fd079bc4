/** An error of a GraphQL response: https://spec.graphql.org/September2025/#sec-Errors */
export interface GraphQLResponseError {
  message: string;
  path?: readonly (string | number)[];
  extensions?: Record<string, unknown>;
}

/** The result of an operation, or of one event of a subscription. */
export interface OperationResult<Data = Record<string, unknown>> {
  data?: Data | null | undefined;
  errors?: readonly GraphQLResponseError[] | undefined;
  extensions?: unknown;
}

/** The server refused an operation. `code` is that of the first error, such as `NOT_FOUND`. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly code: string;
  /** The errors of the response; empty when a transport without GraphQL responded. */
  readonly errors: readonly GraphQLResponseError[];
  constructor(errors: readonly GraphQLResponseError[], code = codeOf(errors)) {
    super(errors.map(({ message }) => message).join(' ') || code);
    this.code = code;
    this.errors = errors;
  }
}

/** Codes of refusals after which the same operation may succeed later. */
const TEMPORARY = new Set([
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
  'SUBSCRIBER_TOO_SLOW',
  'INTERNAL_SERVER_ERROR',
]);

export const codeOf = (errors: readonly GraphQLResponseError[]): string =>
  String(errors[0]?.extensions?.code ?? 'INTERNAL_SERVER_ERROR');

export const isTemporary = (code: string): boolean => TEMPORARY.has(code);

/** The milliseconds after which the server accepts a repeated operation; 0 if unknown. */
export const retryAfterMs = (errors: readonly GraphQLResponseError[]): number =>
  1000 * Number(errors[0]?.extensions?.retryAfterSeconds ?? 0);
