import { type ExecutionResult, type FieldNode, Kind, type OperationDefinitionNode } from 'graphql';
import type { Variables } from '../files/variables.ts';

/** Moves the variable that says where a subscription starts to the event that has arrived. */
export type Advance = (result: ExecutionResult) => void;

/**
 * Keeps the cursor of the last event in the variable of the argument `after`: graphql-ws sends the
 * variables again at each new connection, so the subscription continues there. Undefined where the
 * operation has no such variable.
 */
export function resumption(operation: OperationDefinitionNode, variables: Variables): Advance | undefined {
  const [field] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD) return undefined;
  const variable = afterVariable(field);
  const key = cursorKey(field);
  if (variable === undefined || key === undefined) return undefined;
  return ({ data }) => {
    const cursor = (data?.[nameIn(field)] as Variables | undefined)?.[key];
    if (typeof cursor === 'string') variables[variable] = cursor;
  };
}

const nameIn = ({ alias, name }: FieldNode) => (alias ?? name).value;

function afterVariable(field: FieldNode): string | undefined {
  const value = field.arguments?.find(({ name }) => name.value === 'after')?.value;
  return value?.kind === Kind.VARIABLE ? value.name.value : undefined;
}

function cursorKey({ selectionSet }: FieldNode): string | undefined {
  for (const selection of selectionSet?.selections ?? [])
    if (selection.kind === Kind.FIELD && selection.name.value === 'cursor') return nameIn(selection);
  return undefined;
}
