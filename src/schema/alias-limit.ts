import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** The longest alias, in characters: each error below it repeats it in its path. */
const MAX_ALIAS_LENGTH = 255;

/**
 * A rule of validation: a query may give an alias to at most so many fields. What is in a fragment counts as often as the
 * fragment is used.
 */
export function aliasLimit(limit: number): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const known = new Map<SelectionSetNode, number>();
    const refuse = (message: string, node: OperationDefinitionNode) =>
      context.reportError(new GraphQLError(message, { nodes: node, extensions: { code: 'BAD_USER_INPUT' } }));
    const aliasesIn = (set: SelectionSetNode | undefined): number => {
      if (!set) return 0;
      const before = known.get(set);
      if (before !== undefined) return before;
      known.set(set, 0); // a fragment within itself is refused by another rule
      let count = 0;
      for (const selection of set.selections) {
        if (selection.kind === Kind.FRAGMENT_SPREAD)
          count += aliasesIn(context.getFragment(selection.name.value)?.selectionSet);
        else count += aliasesIn(selection.selectionSet);
        if (selection.kind !== Kind.FIELD || !selection.alias) continue;
        count += selection.alias.value.length > MAX_ALIAS_LENGTH ? Number.POSITIVE_INFINITY : 1;
      }
      known.set(set, count);
      return count;
    };
    return {
      OperationDefinition(node) {
        const count = aliasesIn(node.selectionSet);
        if (count === Number.POSITIVE_INFINITY)
          refuse(`This query asks for too much: an alias may have at most ${MAX_ALIAS_LENGTH} characters.`, node);
        else if (count > limit)
          refuse(
            `This query asks for too much at once: it gives ${count} fields an alias; ${limit} are allowed. ` +
              'Ask in several queries.',
            node,
          );
      },
    };
  };
}
