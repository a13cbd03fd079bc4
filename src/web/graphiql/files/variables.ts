/** The variables of an operation. */
export type Variables = Record<string, unknown>;

/** A copy of the variables with a value at a path, whose missing objects and lists are created. */
export function withValueAt(variables: unknown, path: string, value: unknown): Variables {
  return setIn(variables, path.split('.'), value) as Variables;
}

function setIn(target: unknown, [name, ...rest]: string[], value: unknown): unknown {
  if (name === undefined) return value;
  const copy = /^\d+$/.test(name) ? [...(Array.isArray(target) ? target : [])] : { ...objectOf(target) };
  return Object.assign(copy, { [name]: setIn((copy as Variables)[name], rest, value) });
}

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
