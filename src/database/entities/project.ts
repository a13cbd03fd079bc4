import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

const projectSchema = defineEntity({
  name: 'Project',
  tableName: 'projects',
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    /** The search key of the title. */
    titleKey: p.string().default(''),
    description: p.text(),
    /**
     * The quota in bytes and files, tasks and comments included; null for the default of the
     * server.
     */
    maxBytes: p.bigint('number').nullable(),
    maxFiles: p.integer().nullable(),
    /**
     * The used bytes and files, updated in the transaction of each change. A file that is attached
     * to it twice counts once.
     */
    usedBytes: p.bigint('number').default(0),
    usedFiles: p.integer().default(0),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
    members: () => p.oneToMany(ProjectMember).mappedBy('project'),
  },
});

export class Project extends projectSchema.class {}
projectSchema.setClass(Project);

export const projectRoles = ['VIEWER', 'EDITOR', 'OWNER'] as const;

/**
 * A VIEWER reads, an EDITOR also changes what is in the project, an OWNER also the project itself.
 */
export type ProjectRole = (typeof projectRoles)[number];

const memberSchema = defineEntity({
  name: 'ProjectMember',
  tableName: 'project_members',
  primaryKeys: ['project', 'user'],
  properties: {
    project: () => p.manyToOne(Project).ref().primary(),
    user: () => p.manyToOne(User).ref().primary().index(),
    role: p.enum(projectRoles),
  },
});

/** The membership of a user in a project, with its role. */
export class ProjectMember extends memberSchema.class {}
memberSchema.setClass(ProjectMember);
