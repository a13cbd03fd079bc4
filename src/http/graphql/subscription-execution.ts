import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  print,
  visit,
} from 'graphql';
import type { Viewer } from '../../auth/permissions.ts';
import type { RequestBudget } from '../../context.ts';
import { PayloadTooLargeError } from '../../errors.ts';
import { formatEventCursor } from '../../events/cursor.ts';
import type { FileEvent } from '../../events/event.ts';
import type { Frame, Render } from '../../events/frame.ts';
import { lastFragment } from '../websocket/frame.ts';
import { boundResponse, type ErrorTranslator } from './bounded-response.ts';

/** The delays before a failed execution is repeated, when the failure is not the client's fault. */
const RETRY_DELAYS_MS = [100, 1000];

/**
 * The most bytes of one frame: many are cached for other subscribers, and queued for slow readers.
 */
const MAX_FRAME = 1024 * 1024;

export interface SubscriptionExecution {
  /** A hash of the query and its variables without the cursor: equal keys share their frames. */
  queryKey: string;
  render: Render;
}

export interface SubscriptionExecutionOptions {
  /** The identity of the event log, which is part of cursors. */
  epoch: string;
  /** Creates the context of resolvers: a new unit of work each time. */
  contextFor(viewer: Viewer): { budget: RequestBudget };
  /** Rejects when the database cannot be read. */
  isReady(): Promise<void>;
  /** Creates the translator of the errors of one result. */
  createTranslator(): ErrorTranslator;
  /** The most bytes of the response to a query. */
  maxAnswerSize: number;
}

/**
 * The most bytes of the query and the variables of a subscription. They stay in memory as long as
 * the subscription, and take a hundred times as much once parsed.
 */
const MAX_QUERY_BYTES = 8 * 1024;

/**
 * Prepares a subscription's query for execution: once per event, and shared by all subscriptions
 * with the same query and variables. Throws `PayloadTooLargeError` when these are over 8 KiB.
 */
export function createSubscriptionExecution(
  args: ExecutionArgs,
  options: SubscriptionExecutionOptions,
): SubscriptionExecution {
  const { schema, document, operationName, variableValues } = args;
  const cursorVariable = findCursorVariable(document, operationName);
  const variables = Object.entries(variableValues ?? {}).filter(([name]) => name !== cursorVariable);
  const query = document.loc?.source.body ?? print(document);
  const key = JSON.stringify([query, operationName ?? '', variables.sort()]);
  if (key.length > MAX_QUERY_BYTES)
    throw new PayloadTooLargeError(
      'The query of a subscription and its variables may have at most 8 KiB.',
      MAX_QUERY_BYTES,
    );
  return {
    queryKey: hash('sha256', key, 'base64'),
    // Without `args` itself: the subscriptions that share this would keep its context in memory.
    render: (event, viewer) => render({ schema, document, operationName, variableValues }, event, viewer, options),
  };
}

async function render(
  args: ExecutionArgs,
  event: FileEvent,
  viewer: Viewer,
  { epoch, contextFor, createTranslator, isReady, maxAnswerSize }: SubscriptionExecutionOptions,
): Promise<Frame> {
  for (let attempt = 0; ; attempt++) {
    const context = contextFor(viewer);
    const { budget } = context;
    const usage = trackViewer(context, viewer);
    const unbounded = (await execute({ ...args, rootValue: event, contextValue: context })) as ExecutionResult;
    const limits = { limit: Math.min(maxAnswerSize, MAX_FRAME), translate: createTranslator() };
    const { result } = await boundResponse(unbounded, { ...limits, budget });
    const isFaulty = result.errors?.some(({ extensions }) => faultCodes.has(extensions.code)) ?? false;
    if (isFaulty && attempt < RETRY_DELAYS_MS.length) {
      await pause(RETRY_DELAYS_MS[attempt]);
      continue;
    }
    // Rejects without a database: the subscription ends and its client resumes. With one, the fault
    // is permanent, and the client gets the error.
    if (isFaulty) await isReady();
    return frameOf(result, formatEventCursor({ epoch, ...event }), !usage.isViewerUsed && !isFaulty);
  }
}

/** Codes of failures that may not happen again. */
const faultCodes: ReadonlySet<unknown> = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

function frameOf(result: object, cursor: string, isShared: boolean): Frame {
  // The end of a WebSocket message, with its closing brace; the beginning is in websocket-sink.ts.
  return { result, cursor, isShared, bytes: lastFragment(`${JSON.stringify(result)}}`) };
}

/**
 * Sets `viewer` of a context, and tracks whether a resolver uses it. A result that did not use it
 * is the same for every viewer.
 */
function trackViewer(context: object, viewer: Viewer): { isViewerUsed: boolean } {
  const usage = { isViewerUsed: false };
  Object.defineProperty(context, 'viewer', {
    enumerable: true,
    get() {
      usage.isViewerUsed = true;
      return viewer;
    },
  });
  return usage;
}

/** By document and operation name: documents are cached, so this is found once per query. */
const cursorVariables = new WeakMap<DocumentNode, Map<string, string | undefined>>();

/**
 * Returns the variable that is only used as the cursor after which the subscription starts.
 * Subscriptions that differ in it alone share their frames.
 */
function findCursorVariable(document: DocumentNode, name: string | null | undefined): string | undefined {
  const known = cursorVariables.get(document) ?? new Map<string, string | undefined>();
  cursorVariables.set(document, known);
  const key = name ?? '';
  if (!known.has(key)) known.set(key, cursorVariableIn(document, getOperationAST(document, name) ?? undefined));
  return known.get(key);
}

function cursorVariableIn(document: DocumentNode, operation: OperationDefinitionNode | undefined): string | undefined {
  let found: string | undefined;
  for (const field of operation?.selectionSet.selections ?? []) {
    if (field.kind !== Kind.FIELD) continue;
    const value = field.arguments?.find((argument) => argument.name.value === 'after')?.value;
    if (value?.kind === Kind.VARIABLE) found = value.name.value;
  }
  let mentions = 0;
  visit(document, {
    Variable({ name }) {
      if (name.value === found) mentions += 1;
    },
  });
  // One mention is the definition, the other the argument `after`.
  return mentions === 2 ? found : undefined;
}
