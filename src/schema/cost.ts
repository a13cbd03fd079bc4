import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLField,
  getNullableType,
  getOperationAST,
  isListType,
  Kind,
} from 'graphql';
import { BadUserInputError } from '../errors.ts';
import type { GraphQLContext } from './context.ts';

/** Lists that are not read by the page, as a rule of thumb. What they really are is counted when they are there. */
const USUAL_LIST = 10;
const DEFAULT_PAGE = 25;
const MAX_PAGE = 100;
/** Counting a list reads all of it, and so does finding those of its items that a filter lets through. */
export const SCAN = 100;
/** What one id costs, of which nobody knows whether there is anything behind it. */
const LOOKUP = 10;
/** What of a list makes reading a page of it cost more than the page. */
const scanningArgs = ['filter', 'include'];
/** A subscription is answered for each event: of what a query may cost, this part. */
const SUBSCRIPTION_PART = 0.1;

type Cost = { field: number; multiplier: number };

/**
 * What a field costs: one for itself, and what is below it as often as it may come. A page comes as often as was
 * asked for; its `edges` and `nodes` are the page. A filter costs a scan, and a list of ids as many as there are. What a count costs is added
 * when it is made: here, it would be multiplied by the page beside it.
 */
function costOf(
  args: Record<string, unknown>,
  _context: GraphQLContext,
  field: GraphQLField<unknown, GraphQLContext, Record<string, unknown>>,
): Cost {
  const { first, last, ids } = args;
  if (Array.isArray(ids)) return { field: Math.max(LOOKUP * ids.length, 1), multiplier: ids.length };
  if (field.args.some((arg) => arg.name === 'first')) {
    const asked = Number(first ?? last ?? DEFAULT_PAGE);
    const scan = scanningArgs.some((name) => args[name] != null) ? SCAN : 0;
    return { field: 1 + scan, multiplier: Math.min(Math.max(asked, 1), MAX_PAGE) };
  }
  const isPage = field.name === 'edges' || field.name === 'nodes';
  return { field: 1, multiplier: isListType(getNullableType(field.type)) && !isPage ? USUAL_LIST : 1 };
}

interface Found {
  complexity: number;
  maxComplexity?: number;
  depth: number;
  maxDepth?: number;
}

const tooMuch = ({ complexity, maxComplexity, depth, maxDepth }: Found) =>
  new BadUserInputError(
    `This query asks for too much at once: it costs ${complexity} and is ${depth} deep; ` +
      `${maxComplexity} and ${maxDepth} are allowed. Ask for smaller pages, or in several queries.`,
  );

/** Refuses what would keep the server busy for long, before anything of it is done. */
export const queryCost = {
  fieldComplexity: costOf,
  limit: ({ limits }: GraphQLContext) => ({ complexity: limits.maxQueryCost, depth: limits.maxQueryDepth }),
  complexityError: (_kind: unknown, found: Found) => tooMuch(found),
};

/** Refuses a subscription whose events would cost too much to answer. To be asked when it begins. */
export function refuseCostlySubscription(args: ExecutionArgs): GraphQLError | undefined {
  const { schema, document, operationName, variableValues, contextValue } = args;
  const { limits } = contextValue as GraphQLContext;
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined; // told by the execution
  const others = document.definitions.filter(({ kind }) => kind !== Kind.OPERATION_DEFINITION);
  const { complexity, depth } = complexityFromQuery(
    { kind: Kind.DOCUMENT, definitions: [operation, ...others] },
    { schema, ctx: contextValue as object, variables: variableValues ?? {} },
  );
  const maxComplexity = Math.ceil(limits.maxQueryCost * SUBSCRIPTION_PART);
  if (complexity <= maxComplexity && depth <= limits.maxQueryDepth) return undefined;
  const error = tooMuch({ complexity, maxComplexity, depth, maxDepth: limits.maxQueryDepth });
  return new GraphQLError(error.message, { extensions: { code: error.code } });
}
