import { type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { responseTooLarge } from '../../budget/request-budget.ts';
import type { RequestBudget } from '../../context.ts';
import { jsonChunks, jsonSize } from './response-size.ts';

/** Errors of one answer. */
const MAX_ERRORS = 100;
/** Answers of more bytes than this are written in pieces. */
const LARGE = 1024 * 1024;

/** Translates errors for clients; each cause is logged once for all that are translated by one of these. */
export type Translate = (error: unknown) => GraphQLError;

export interface ResponseOptions {
  budget: RequestBudget;
  /** Bytes of the answer. */
  limit: number;
  translate: Translate;
  isMutation?: boolean;
}

/** An answer within its limits: in bytes, in errors, and in the memory of the server. */
export interface BoundedResponse {
  result: ExecutionResult;
  /** In bytes. */
  size: number;
}

/** Bounds the result of an execution. What is too large is refused by one error, in the place of everything. */
export async function boundResponse(result: ExecutionResult, options: ResponseOptions): Promise<BoundedResponse> {
  const { budget, limit, translate, isMutation } = options;
  const refused = (error: unknown): BoundedResponse => {
    const { message, extensions } = translate(error);
    const done = isMutation ? `${message} What was to be changed was changed.` : message;
    const errors = [new GraphQLError(done, { extensions })];
    return { result: { data: null, errors }, size: LARGE };
  };
  if (budget.exceeded) return refused(budget.exceeded);
  const bounded = result.errors ? { ...result, errors: boundErrors(result.errors, translate) } : result;
  const size = jsonSize(bounded.data, limit) + (bounded.errors ? jsonSize(bounded.errors.map(asJson), limit) : 0);
  if (size > limit) return refused(responseTooLarge(limit));
  try {
    await budget.reserveResponse(size);
  } catch (error) {
    return refused(error);
  }
  return { result: bounded, size };
}

/** What a client is told of an error of the GraphQL layer. */
export type MessageOf = (error: GraphQLError) => string;

function reworded(error: GraphQLError, message: string): GraphQLError {
  const { nodes, source, positions, path, extensions } = error;
  const place = { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null };
  return message === error.message ? error : new GraphQLError(message, { ...place, extensions });
}

const asJson = (error: GraphQLError) => error.toJSON();

/** The first errors, and how many others there are. Translating one takes time, and a line in the log. */
function boundErrors(errors: readonly GraphQLError[], translate: Translate): GraphQLError[] {
  const told = errors.slice(0, MAX_ERRORS).map(translate);
  const others = errors.length - told.length;
  if (others === 0) return told;
  const message = `${others} more errors are not listed. Ask for less at once to see them.`;
  return [...told, new GraphQLError(message, { extensions: { code: 'PAYLOAD_TOO_LARGE', others } })];
}

/** Where a large answer is put for the one who writes it. */
export interface ResponseChunks {
  pieces?: Iterable<Buffer>;
}

interface AnsweredContext {
  budget: RequestBudget;
  answer?: ResponseChunks;
  req?: { headers: { accept?: string | undefined } };
}

/** Bounds what is executed, over every transport. Over HTTP, what is large is left in pieces in `context.answer`. */
export function boundResponses(limit: number, translator: () => Translate, messageOf: MessageOf): Plugin {
  return {
    // Of what cannot be parsed or validated, Yoga answers the errors as they are.
    onExecutionResult({ result, setResult }) {
      const { errors } = (result ?? {}) as ExecutionResult;
      if (errors?.some((error) => messageOf(error) !== error.message))
        setResult({ ...result, errors: errors.map((error) => reworded(error, messageOf(error))) } as never);
    },
    onExecute() {
      return {
        async onExecuteDone({ args, result, setResult }) {
          if (Symbol.asyncIterator in (result as object)) return;
          const { answer, budget, req } = args.contextValue as unknown as AnsweredContext;
          const isMutation = getOperationAST(args.document, args.operationName)?.operation === 'mutation';
          const options = { budget, limit, translate: translator(), isMutation };
          const bounded = await boundResponse(result as ExecutionResult, options);
          const isJson = !/event-stream|multipart/i.test(req?.headers.accept ?? '');
          if (answer && isJson && bounded.size > LARGE) setResult(inPieces(bounded.result, answer) as never);
          else setResult(bounded.result as never);
        },
      };
    },
  };
}

/** Yoga lets a result say how it is written: here, later. */
function inPieces(result: ExecutionResult, answer: ResponseChunks): ExecutionResult {
  const stringify = (sanitized: ExecutionResult & { stringify?: unknown }) => {
    const { stringify: _own, ...rest } = sanitized;
    answer.pieces = jsonChunks(rest);
    return '';
  };
  return { ...result, stringify } as ExecutionResult;
}
