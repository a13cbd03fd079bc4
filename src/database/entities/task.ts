import { defineEntity, p } from '@mikro-orm/core';
import { Project } from './project.ts';
import { User } from './user.ts';

const taskSchema = defineEntity({
  name: 'Task',
  tableName: 'tasks',
  properties: {
    id: p.integer().primary(),
    project: () => p.manyToOne(Project).ref().index(),
    title: p.string(),
    description: p.text(),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
  },
});

export class Task extends taskSchema.class {}
taskSchema.setClass(Task);

const commentSchema = defineEntity({
  name: 'Comment',
  tableName: 'comments',
  properties: {
    id: p.integer().primary(),
    task: () => p.manyToOne(Task).ref().index(),
    body: p.text(),
    createdBy: () => p.manyToOne(User).ref(),
    createdAt: p.datetime(3),
  },
});

/** What somebody said on a task. */
export class Comment extends commentSchema.class {}
commentSchema.setClass(Comment);
