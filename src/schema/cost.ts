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

/**
 * The assumed length of a list without pages. Items beyond it are added to the cost when the list
 * is resolved.
 */
const USUAL_LIST = 10;
const DEFAULT_PAGE = 25;
const MAX_PAGE = 100;
/** The cost of counting or filtering a list, which may read all of it. */
export const SCAN = 100;
/** The cost of one id in a list of ids, whether or not it exists. */
const LOOKUP = 10;
/** The arguments with which reading one page may scan the whole list. */
const scanningArgs = ['filter', 'include'];
/**
 * The share of the maximum query cost that a subscription may have. It is executed for each event.
 */
const SUBSCRIPTION_SHARE = 0.1;

type Cost = { field: number; multiplier: number };

/**
 * Returns the cost of a field: 1 for itself, and the factor for the fields below it. The factor of
 * a connection is its page size; `edges` and `nodes` do not multiply again. A filter adds the cost
 * of a scan, and a list of ids that of each id. The cost of `totalCount` is added when it is
 * resolved: here, the page size would multiply it.
 */
function costOf(
  args: Record<string, unknown>,
  _context: GraphQLContext,
  field: GraphQLField<unknown, GraphQLContext, Record<string, unknown>>,
): Cost {
  const { first, last, ids } = args;
  if (Array.isArray(ids)) return { field: Math.max(LOOKUP * ids.length, 1), multiplier: ids.length };
  if (field.args.some((arg) => arg.name === 'first')) {
    const size = Number(first ?? last ?? DEFAULT_PAGE);
    const scan = scanningArgs.some((name) => args[name] != null) ? SCAN : 0;
    return { field: 1 + scan, multiplier: Math.min(Math.max(size, 1), MAX_PAGE) };
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

/** Refuses a query that exceeds the maximum cost or depth before it is executed. */
export const queryCost = {
  fieldComplexity: costOf,
  limit: ({ limits }: GraphQLContext) => ({ complexity: limits.maxQueryCost, depth: limits.maxQueryDepth }),
  complexityError: (_kind: unknown, found: Found) => tooMuch(found),
};

/**
 * Returns the error of a subscription that costs too much to execute for each event; undefined when
 * it is cheap enough.
 */
export function refuseCostlySubscription(args: ExecutionArgs): GraphQLError | undefined {
  const { schema, document, operationName, variableValues, contextValue } = args;
  const { limits } = contextValue as GraphQLContext;
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined; // The execution reports it.
  const others = document.definitions.filter(({ kind }) => kind !== Kind.OPERATION_DEFINITION);
  const { complexity, depth } = complexityFromQuery(
    { kind: Kind.DOCUMENT, definitions: [operation, ...others] },
    { schema, ctx: contextValue as object, variables: variableValues ?? {} },
  );
  const maxComplexity = Math.ceil(limits.maxQueryCost * SUBSCRIPTION_SHARE);
  if (complexity <= maxComplexity && depth <= limits.maxQueryDepth) return undefined;
  const error = tooMuch({ complexity, maxComplexity, depth, maxDepth: limits.maxQueryDepth });
  return new GraphQLError(error.message, { extensions: { code: error.code } });
}
