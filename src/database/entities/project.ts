import { defineEntity, p } from '@mikro-orm/core';
import { User } from './user.ts';

const projectSchema = defineEntity({
  name: 'Project',
  tableName: 'projects',
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    description: p.text(),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
    members: () => p.oneToMany(ProjectMember).mappedBy('project'),
  },
});

export class Project extends projectSchema.class {}
projectSchema.setClass(Project);

const memberSchema = defineEntity({
  name: 'ProjectMember',
  tableName: 'project_members',
  primaryKeys: ['project', 'user'],
  properties: {
    project: () => p.manyToOne(Project).ref().primary(),
    user: () => p.manyToOne(User).ref().primary().index(),
    role: p.enum(['VIEWER', 'EDITOR', 'OWNER'] as const),
  },
});

/** Who may do what in a project. */
export class ProjectMember extends memberSchema.class {}
memberSchema.setClass(ProjectMember);
