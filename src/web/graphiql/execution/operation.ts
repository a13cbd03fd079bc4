import { type DocumentNode, Kind, type OperationDefinitionNode, parse } from 'graphql';

const isOperation = (node: { kind: string }): node is OperationDefinitionNode =>
  node.kind === Kind.OPERATION_DEFINITION;

/**
 * The operation of a document that has this name, or its only one: GraphiQL still knows the name of
 * the former operation for a moment after the document has changed.
 */
export function operationIn(
  document: DocumentNode,
  name: string | null | undefined,
): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter(isOperation);
  if (operations.length === 1) return operations[0];
  return operations.find((operation) => operation.name?.value === name);
}

/** The same for a document as text. Undefined as well where it is not valid. */
export function operationOf(text: string, name: string | null | undefined): OperationDefinitionNode | undefined {
  try {
    return operationIn(parse(text), name);
  } catch {
    return undefined;
  }
}
