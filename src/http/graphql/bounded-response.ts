import { type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { responseTooLarge } from '../../budget/budget-errors.ts';
import type { RequestBudget } from '../../context.ts';
import { jsonChunks, jsonSize } from './response-size.ts';

/** The most errors of one response. */
const MAX_ERRORS = 100;
/** Responses of more bytes are written in chunks. */
const LARGE = 1024 * 1024;

/** Translates errors for clients, and logs each cause once. */
export type ErrorTranslator = (error: unknown) => GraphQLError;

export interface ResponseOptions {
  /** Where the memory of the response is reserved. */
  budget: RequestBudget;
  /** The most bytes of the response. */
  limit: number;
  translate: ErrorTranslator;
  isMutation?: boolean;
}

/** A response within its limits of bytes, errors and server memory. */
export interface BoundedResponse {
  result: ExecutionResult;
  /** In bytes, approximately; see `jsonSize`. */
  size: number;
}

/** Bounds the result of an execution. One that exceeds a limit is replaced by a single error. */
export async function boundResponse(result: ExecutionResult, options: ResponseOptions): Promise<BoundedResponse> {
  const { budget, limit, translate, isMutation } = options;
  const refuse = (error: unknown): BoundedResponse => {
    const { message, extensions } = translate(error);
    const fullMessage = isMutation ? `${message} What was to be changed was changed.` : message;
    const errors = [new GraphQLError(fullMessage, { extensions })];
    return { result: { data: null, errors }, size: LARGE };
  };
  if (budget.exceeded) return refuse(budget.exceeded);
  const bounded = result.errors ? { ...result, errors: boundErrors(result.errors, translate) } : result;
  const errorSize = bounded.errors ? jsonSize(bounded.errors.map(toJson), limit) : 0;
  const size = jsonSize(bounded.data, limit) + errorSize;
  if (size > limit) return refuse(responseTooLarge(limit));
  try {
    await budget.reserveResponse(size);
  } catch (error) {
    return refuse(error);
  }
  return { result: bounded, size };
}

const toJson = (error: GraphQLError) => error.toJSON();

/**
 * The first `MAX_ERRORS` errors, translated, and one error with the number of the others: each
 * translation takes time and may log a line.
 */
function boundErrors(errors: readonly GraphQLError[], translate: ErrorTranslator): GraphQLError[] {
  const listed = errors.slice(0, MAX_ERRORS).map(translate);
  const others = errors.length - listed.length;
  if (others === 0) return listed;
  const message = `${others} more errors are not listed. Ask for less at once to see them.`;
  return [...listed, new GraphQLError(message, { extensions: { code: 'PAYLOAD_TOO_LARGE', others } })];
}

/** Gets the chunks of a large response, for the handler that writes it. */
export interface LargeResponse {
  chunks?: Iterable<Buffer>;
}

/** The members of `OperationContext` that are used here. */
interface ResponseContext {
  budget: RequestBudget;
  largeResponse?: LargeResponse;
  req?: { headers: { accept?: string | undefined } };
}

/** Returns the message for clients of an error of the GraphQL layer. */
export type MessageOf = (error: GraphQLError) => string;

/**
 * Bounds the results of executions over every transport. Over HTTP, the chunks of a large result go
 * to `context.largeResponse`.
 */
export function boundResponses(limit: number, createTranslator: () => ErrorTranslator, messageOf: MessageOf): Plugin {
  return {
    // Yoga sends parse and validation errors without masking them.
    onExecutionResult({ result, setResult }) {
      const { errors } = (result ?? {}) as ExecutionResult;
      if (errors?.some((error) => messageOf(error) !== error.message))
        setResult({ ...result, errors: errors.map((error) => withMessage(error, messageOf(error))) } as never);
    },
    onExecute() {
      return {
        async onExecuteDone({ args, result, setResult }) {
          if (Symbol.asyncIterator in (result as object)) return;
          const { largeResponse, budget, req } = args.contextValue as unknown as ResponseContext;
          const isMutation = getOperationAST(args.document, args.operationName)?.operation === 'mutation';
          const options = { budget, limit, translate: createTranslator(), isMutation };
          const bounded = await boundResponse(result as ExecutionResult, options);
          const isJson = !/event-stream|multipart/i.test(req?.headers.accept ?? '');
          const isChunked = largeResponse && isJson && bounded.size > LARGE;
          setResult((isChunked ? inChunks(bounded.result, largeResponse) : bounded.result) as never);
        },
      };
    },
  };
}

function withMessage(error: GraphQLError, message: string): GraphQLError {
  if (message === error.message) return error;
  const { nodes, source, positions, path, extensions } = error;
  const location = { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null };
  return new GraphQLError(message, { ...location, extensions });
}

/**
 * Replaces Yoga's serialization of a result: its text is empty, and the handler writes the chunks.
 */
function inChunks(result: ExecutionResult, largeResponse: LargeResponse): ExecutionResult {
  const stringify = (sanitized: ExecutionResult & { stringify?: unknown }) => {
    const { stringify: _, ...rest } = sanitized;
    largeResponse.chunks = jsonChunks(rest);
    return '';
  };
  return { ...result, stringify } as ExecutionResult;
}
