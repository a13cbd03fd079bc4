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
import { boundResponse, type Translate } from './bounded-response.ts';

/** How long to wait before what failed by no fault of the client is tried once more, each time. */
const RETRIES_MS = [100, 1000];

/** Bytes of one event as it is told: many are kept for those who come later, and wait for those who read slowly. */
const MAX_FRAME = 1024 * 1024;

export interface SubscriptionExecution {
  /** What was asked for, as a hash; the same for all that ask for the same, wherever they begin. */
  queryKey: string;
  render: Render;
}

export interface SubscriptionExecutionOptions {
  epoch: string;
  /** What resolvers are given; a new unit of work each time. */
  contextFor(viewer: Viewer): { budget: RequestBudget };
  /** Rejects when the database cannot be read. */
  isReady(): Promise<void>;
  /** Puts the errors of one answer into words. */
  translator(): Translate;
  /** Bytes of an answer to a query. */
  maxAnswerSize: number;
}

/** Bytes of the query and the variables of a subscription. Parsed, they take a hundred times as much for as long as it goes on. */
const MAX_QUERY_BYTES = 8 * 1024;

/**
 * A subscription as a query that is answered once for each event, and shared by all who ask for the same.
 * Throws `PayloadTooLargeError` when the query and its variables are too long to be kept.
 */
export function createSubscriptionExecution(
  args: ExecutionArgs,
  options: SubscriptionExecutionOptions,
): SubscriptionExecution {
  const { schema, document, operationName, variableValues } = args;
  const unshared = cursorVariableOf(document, operationName);
  const variables = Object.entries(variableValues ?? {}).filter(([name]) => name !== unshared);
  const asked = JSON.stringify([document.loc?.source.body ?? print(document), operationName ?? '', variables.sort()]);
  if (asked.length > MAX_QUERY_BYTES)
    throw new PayloadTooLargeError(
      'The query of a subscription and its variables may have at most 8 KiB.',
      MAX_QUERY_BYTES,
    );
  return {
    queryKey: hash('sha256', asked, 'base64'),
    // Not `args`: those who share this render do not keep it, nor what it came with.
    render: (event, viewer) => render({ schema, document, operationName, variableValues }, event, viewer, options),
  };
}

async function render(
  args: ExecutionArgs,
  event: FileEvent,
  viewer: Viewer,
  { epoch, contextFor, translator, isReady, maxAnswerSize }: SubscriptionExecutionOptions,
): Promise<Frame> {
  for (let attempt = 0; ; attempt++) {
    const asked = { viewer: false };
    const own = contextFor(viewer);
    const context = watched(own, viewer, asked);
    const answer = (await execute({ ...args, rootValue: event, contextValue: context })) as ExecutionResult;
    const limits = { limit: Math.min(maxAnswerSize, MAX_FRAME), translate: translator() };
    const { result } = await boundResponse(answer, { ...limits, budget: own.budget });
    const isFaulty = result.errors?.some(({ extensions }) => faults.has(extensions.code)) ?? false;
    if (isFaulty && attempt < RETRIES_MS.length) {
      await pause(RETRIES_MS[attempt]);
      continue;
    }
    // Without a database, whoever comes back for it is told later. With one, the fault is ours and stays: it is told.
    if (isFaulty) await isReady();
    return frameOf(result, formatEventCursor({ epoch, ...event }), !asked.viewer && !isFaulty);
  }
}

/** Codes of what is no answer to the query, and may be another in a moment. */
const faults: ReadonlySet<unknown> = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

function frameOf(result: object, cursor: string, isShared: boolean): Frame {
  // The end of a message, with the brace that closes it; its beginning is in socket-receiver.ts.
  return { result, cursor, isShared, bytes: lastFragment(`${JSON.stringify(result)}}`) };
}

/**
 * The context, which also finds out whether anybody asked who the viewer is. An answer for which nobody did is the same
 * for every viewer.
 */
function watched(context: object, viewer: Viewer, asked: { viewer: boolean }): object {
  return Object.defineProperty(context, 'viewer', {
    enumerable: true,
    get() {
      asked.viewer = true;
      return viewer;
    },
  });
}

const cursorVariables = new WeakMap<DocumentNode, Map<string, string | undefined>>();

/** The variable that says where the subscription begins, if it says nothing else. */
function cursorVariableOf(document: DocumentNode, name: string | null | undefined): string | undefined {
  const known = cursorVariables.get(document) ?? new Map<string, string | undefined>();
  cursorVariables.set(document, known);
  const key = name ?? '';
  if (!known.has(key)) known.set(key, findCursorVariable(document, getOperationAST(document, name) ?? undefined));
  return known.get(key);
}

function findCursorVariable(
  document: DocumentNode,
  operation: OperationDefinitionNode | undefined,
): string | undefined {
  let found: string | undefined;
  for (const field of operation?.selectionSet.selections ?? []) {
    if (field.kind !== Kind.FIELD) continue;
    const value = field.arguments?.find((argument) => argument.name.value === 'after')?.value;
    if (value?.kind === Kind.VARIABLE) found = value.name.value;
  }
  let uses = 0;
  visit(document, {
    // The definition names it, and so does every use.
    Variable({ name }) {
      if (name.value === found) uses += 1;
    },
  });
  return uses === 2 ? found : undefined;
}
