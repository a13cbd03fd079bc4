import { Opportunity } from '../../database/entities/index.ts';
import type { EntityDescriptor } from './descriptor.ts';
import { entityRules } from './entity-rules.ts';
import { clearTaskSubject } from './task.ts';

export const opportunity: EntityDescriptor<Opportunity> = {
  entity: Opportunity,
  ...entityRules({ type: 'Opportunity', table: 'opportunities', clearReferences: clearTaskSubject('Opportunity') }),
};
