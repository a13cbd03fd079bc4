import { Case } from '../../database/entities/index.ts';
import type { EntityDescriptor } from './descriptor.ts';
import { entityRules } from './entity-rules.ts';
import { clearTaskSubject } from './task.ts';

export const caseDescriptor: EntityDescriptor<Case> = {
  entity: Case,
  ...entityRules({ type: 'Case', table: 'cases', clearReferences: clearTaskSubject('Case') }),
};
