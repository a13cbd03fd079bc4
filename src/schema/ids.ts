import type { AttachableRef, AttachableType } from '../database/entities/index.ts';
import { BadUserInputError, excerpt } from '../errors.ts';
import { attachableTypes } from '../workspace/attachables/index.ts';

/**
 * Encodes a global id, such as `Task:1`. Global ids are readable so that people can type them. They
 * grant no access.
 */
export const encodeId = (type: string, databaseId: string | number | bigint): string => `${type}:${databaseId}`;

/** Decodes a global id. Throws `BadUserInputError` for an invalid one. */
export function decodeId(id: string): { type: string; id: number } {
  const [, type, digits] = /^([A-Za-z]{1,30}):([1-9][0-9]{0,15})$/.exec(id) ?? [];
  if (!type || !digits) throw new BadUserInputError(`"${excerpt(id)}" is not an id. Ids look like "Task:1".`);
  return { type, id: Number(digits) };
}

/**
 * Returns the `databaseId` of a global id of the given type. The bare number is valid as well.
 * Throws `BadUserInputError` for an invalid id and for one of another type.
 */
export function idOf(type: string, id: string): number {
  const decoded = /^[1-9][0-9]{0,15}$/.test(id) ? { type, id: Number(id) } : decodeId(id);
  if (decoded.type !== type)
    throw new BadUserInputError(`"${excerpt(id)}" is not the id of a ${type}. Those look like "${type}:1".`);
  return decoded.id;
}

/** The type whose ids end with a UUID, and not with a number. */
const UPLOAD = 'UnfinishedUpload';

/** Decodes the global id of an unfinished upload; undefined for any other text. */
export const decodeUploadId = (id: string): { type: string; id: string } | undefined => {
  const uuid = /^UnfinishedUpload:([0-9a-f-]{36})$/.exec(id)?.[1];
  return uuid === undefined ? undefined : { type: UPLOAD, id: uuid };
};

/**
 * Returns the UUID of an upload from its global id, or from the UUID itself. Throws
 * `BadUserInputError` for another text.
 */
export function uploadIdOf(id: string): string {
  const uuid = decodeUploadId(id)?.id ?? (/^[0-9a-f-]{36}$/.test(id) ? id : undefined);
  if (uuid === undefined)
    throw new BadUserInputError(`"${excerpt(id)}" is not the id of an upload. Use one that the server returned.`);
  return uuid;
}

/** Decodes the global id of an attachable. Throws `BadUserInputError` for an id of another type. */
export function attachableOf(id: string, types: readonly AttachableType[] = attachableTypes): AttachableRef {
  const ref = decodeId(id);
  if (!types.includes(ref.type as AttachableType)) {
    throw new BadUserInputError(`"${excerpt(id)}" cannot be used here. Give the id of a ${types.join(', ')}.`);
  }
  return ref as AttachableRef;
}
