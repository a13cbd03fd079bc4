import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** The most characters of an alias. The path of every error below the field repeats it. */
const MAX_ALIAS_LENGTH = 255;

/**
 * Creates a validation rule that limits the aliases of a query. Aliases in a fragment count once
 * for each use of the fragment.
 */
export function aliasLimit(limit: number): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const counts = new Map<SelectionSetNode, number>();
    const refuse = (message: string, node: OperationDefinitionNode) =>
      context.reportError(new GraphQLError(message, { nodes: node, extensions: { code: 'BAD_USER_INPUT' } }));
    const aliasesIn = (set: SelectionSetNode | undefined): number => {
      if (!set) return 0;
      const known = counts.get(set);
      if (known !== undefined) return known;
      counts.set(set, 0); // Another rule refuses fragments that contain themselves.
      let count = 0;
      for (const selection of set.selections) {
        if (selection.kind === Kind.FRAGMENT_SPREAD)
          count += aliasesIn(context.getFragment(selection.name.value)?.selectionSet);
        else count += aliasesIn(selection.selectionSet);
        if (selection.kind !== Kind.FIELD || !selection.alias) continue;
        count += selection.alias.value.length > MAX_ALIAS_LENGTH ? Number.POSITIVE_INFINITY : 1;
      }
      counts.set(set, count);
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
