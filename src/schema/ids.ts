import type { AttachableRef, AttachableType } from '../database/entities/index.ts';
import { BadUserInputError, excerpt } from '../errors.ts';
import { attachableTypes } from '../workspace/attachables/index.ts';

/** Global ids are readable on purpose: people type them. They give no right to anything. */
export const encodeId = (type: string, databaseId: string | number | bigint): string => `${type}:${databaseId}`;

export function decodeId(id: string): { type: string; id: number } {
  const [, type, digits] = /^([A-Za-z]{1,30}):([1-9][0-9]{0,15})$/.exec(id) ?? [];
  if (!type || !digits) throw new BadUserInputError(`"${excerpt(id)}" is not an id. Ids look like "Task:1".`);
  return { type, id: Number(digits) };
}

/** The `databaseId` in an id of a known type. Where the type is known, the bare number will do as well. */
export function idOf(type: string, id: string): number {
  const decoded = /^[1-9][0-9]{0,15}$/.test(id) ? { type, id: Number(id) } : decodeId(id);
  if (decoded.type !== type)
    throw new BadUserInputError(`"${excerpt(id)}" is not the id of a ${type}. Those look like "${type}:1".`);
  return decoded.id;
}

/** An id of anything that files hang on. */
export function attachableOf(id: string, types: readonly AttachableType[] = attachableTypes): AttachableRef {
  const ref = decodeId(id);
  if (!types.includes(ref.type as AttachableType)) {
    throw new BadUserInputError(`"${excerpt(id)}" cannot be used here. Give the id of a ${types.join(', ')}.`);
  }
  return ref as AttachableRef;
}
