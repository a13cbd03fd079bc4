import { type GraphQLField, getNullableType, isListType } from 'graphql';
import { BadInput } from '../errors.ts';
import type { GraphQLContext } from './context.ts';

/** Lists that are not read by the page, as a rule of thumb. */
const USUAL_LIST = 10;
const DEFAULT_PAGE = 25;
const MAX_PAGE = 100;

type Cost = { field: number; multiplier: number };

/**
 * What a field costs: one for itself, and what is below it as often as it may come. A page comes as often as was
 * asked for; its `edges` and `nodes` are the page.
 */
function costOf(
  { first, last }: Record<string, unknown>,
  _context: GraphQLContext,
  field: GraphQLField<unknown, GraphQLContext, Record<string, unknown>>,
): Cost {
  if (field.args.some((arg) => arg.name === 'first')) {
    const asked = Number(first ?? last ?? DEFAULT_PAGE);
    return { field: 1, multiplier: Math.min(Math.max(asked, 1), MAX_PAGE) };
  }
  const isPage = field.name === 'edges' || field.name === 'nodes';
  return { field: 1, multiplier: isListType(getNullableType(field.type)) && !isPage ? USUAL_LIST : 1 };
}

/** Refuses what would keep the server busy for long, before anything of it is done. */
export const queryCost = {
  fieldComplexity: costOf,
  limit: ({ limits }: GraphQLContext) => ({ complexity: limits.maxQueryCost, depth: limits.maxQueryDepth }),
  complexityError: (
    _kind: unknown,
    found: { complexity: number; maxComplexity?: number; depth: number; maxDepth?: number },
  ) =>
    new BadInput(
      `This query asks for too much at once: it costs ${found.complexity} and is ${found.depth} deep; ` +
        `${found.maxComplexity} and ${found.maxDepth} are allowed. Ask for smaller pages, or in several queries.`,
    ),
};
