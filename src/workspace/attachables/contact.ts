import { Contact, Task } from '../../database/entities/index.ts';
import type { EntityDescriptor } from './descriptor.ts';
import { entityRules } from './entity-rules.ts';

export const contact: EntityDescriptor<Contact> = {
  entity: Contact,
  ...entityRules({
    type: 'Contact',
    table: 'contacts',
    hasShareType: true,
    clearReferences: (em, ids) => em.nativeUpdate(Task, { contact: { $in: [...ids] } }, { contact: null }),
  }),
};
