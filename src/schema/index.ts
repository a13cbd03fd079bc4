import './scalars.ts';
import './connection.ts';
import './user.ts';
import './file.ts';
import './attachable.ts';
import './task.ts';
import './project.ts';
import './entity.ts';
import './upload.ts';
import './attach.ts';
import './event.ts';
import { builder } from './builder.ts';

/** The whole schema. `schema.graphql` is its printed form. */
export const schema = builder.toSchema();
