import { BadUserInputError } from '../errors.ts';

/** An id as people write it, as in `Task:1`, of one of the types. `where` is what it was given as. Throws `BadUserInputError`. */
export function parseRef<Type extends string>(
  text: unknown,
  where: string,
  types: readonly Type[],
): { type: Type; id: number } {
  const [, name, id] = /^([A-Za-z]+):([1-9]\d{0,15})$/.exec(String(text)) ?? [];
  const type = types.find((one) => one === name);
  if (!type) throw new BadUserInputError(`Give the id of a ${types.join(', ')} as ${where}, as in ${types[0]}:1.`);
  return { type, id: Number(id) };
}
