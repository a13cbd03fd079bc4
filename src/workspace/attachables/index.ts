import type { EntityClass } from '@mikro-orm/core';
import {
  type AttachableRef,
  type AttachableType,
  attachableTypes,
  type EntityRef,
  type EntityType,
  entityTypes,
} from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { caseDescriptor } from './case.ts';
import { comment } from './comment.ts';
import { contact } from './contact.ts';
import type { AttachableDescriptor, EntityDescriptor } from './descriptor.ts';
import { opportunity } from './opportunity.ts';
import { project } from './project.ts';
import { task } from './task.ts';

/**
 * Every type that files can be attached to. The compiler names a type of `attachableTypes` that is
 * missing here.
 */
const known = {
  Project: project,
  Task: task,
  Comment: comment,
  Contact: contact,
  Opportunity: opportunity,
  Case: caseDescriptor,
};

/** The entity of a type, which can be changed. */
export type EntityOf<Type extends AttachableType> = (typeof known)[Type] extends { entity: EntityClass<infer E> }
  ? E
  : never;

/** An attachable of a type, as a row of its table. */
export type RowOf<Type extends AttachableType> = Type extends unknown ? Row<EntityOf<Type>> : never;
export type Attachable = RowOf<AttachableType>;
export type Entity = RowOf<EntityType>;

/** The descriptors, for code that handles every type alike. */
export const attachables: Readonly<Record<AttachableType, AttachableDescriptor<Attachable, string>>> = known;
export const entityDescriptors: Readonly<Record<EntityType, EntityDescriptor<Entity>>> = known;

export { attachableTypes, entityTypes };

/** The type of an attachable, by the entity of its row. */
export function typeOf(row: Attachable): AttachableType {
  const type = attachableTypes.find((each) => row instanceof attachables[each].entity);
  if (!type) throw new TypeError('Not an attachable.');
  return type;
}

export const refOf = (row: Attachable): AttachableRef => ({ type: typeOf(row), id: row.id });

export const isEntityRef = (ref: AttachableRef): ref is EntityRef =>
  (entityTypes as readonly AttachableType[]).includes(ref.type);

/** The attachable around it, if it has one. */
export function parentOf(row: Attachable): AttachableRef | undefined {
  const { parent } = attachables[typeOf(row)];
  if (!parent) return undefined;
  const { id } = row[parent.property as keyof Attachable] as unknown as { id: number };
  return { type: parent.type, id };
}

/**
 * The types whose objects are directly inside those of `type`, as tasks are inside projects, each
 * with the property by which its rows refer to the one around them.
 */
export const childrenOf = (type: AttachableType): { type: AttachableType; property: string }[] =>
  attachableTypes.flatMap((child) => {
    const { parent } = attachables[child];
    return parent?.type === type ? [{ type: child, property: parent.property }] : [];
  });
