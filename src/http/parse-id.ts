import { BadUserInputError } from '../errors.ts';

/**
 * Parses a global id such as `Task:1`. Throws `BadUserInputError` when it is not one of the types;
 * `where` names the parameter in the message.
 */
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
