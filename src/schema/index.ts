import './scalars.ts';
import './connection.ts';
import './user.ts';
import './user-mutations.ts';
import './key.ts';
import './file.ts';
import './file-mutations.ts';
import './attachable.ts';
import './task.ts';
import './task-mutations.ts';
import './comment.ts';
import './project.ts';
import './project-mutations.ts';
import './member.ts';
import './access.ts';
import './category.ts';
import './currency.ts';
import './entity.ts';
import './contact.ts';
import './opportunity.ts';
import './case.ts';
import './history.ts';
import './upload-mutations.ts';
import './attach.ts';
import './event.ts';
import { builder } from './builder.ts';

/** The whole schema. `schema.graphql` is its printed form. */
export const schema = builder.toSchema();
