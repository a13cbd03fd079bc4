import type { Task, TaskPriority } from '../../database/entities/index.ts';
import type { Row } from '../../database/rows.ts';
import { isDay } from '../../date-time.ts';
import { loadAttachable } from '../../workspace/attachable.ts';
import { createProject } from '../../workspace/projects.ts';
import { createTask } from '../../workspace/tasks.ts';
import type { LegacyOptions } from '../api.ts';
import { type Caller, findOrMissing, missing } from './authenticate.ts';
import type { Procedure } from './json-rpc.ts';
import { parsePhpId, toText, unixTime } from './php-values.ts';

/** The version of Kanboard whose responses these are. */
const VERSION = '1.2.49';
const MAX_TITLE_LENGTH = 500;
const MAX_DESCRIPTION_LENGTH = 100_000;
const priorities: Record<TaskPriority, number> = { LOW: 0, NORMAL: 0, HIGH: 2 };

const nullDefaults = (...names: string[]) => Object.fromEntries(names.map((name) => [name, null]));

const createProjectParams = nullDefaults('description', 'owner_id', 'identifier', 'start_date', 'end_date');
const createTaskParams = nullDefaults(
  ...[
    'color_id',
    'column_id',
    'owner_id',
    'creator_id',
    'date_due',
    'description',
    'category_id',
    'score',
    'swimlane_id',
  ],
  ...['priority', 'recurrence_status', 'recurrence_trigger', 'recurrence_factor', 'recurrence_timeframe'],
  ...['recurrence_basedate', 'reference', 'tags'],
);

/** The procedures that scripts call to have a task or project for their files. */
export function taskProcedures({ publicUrl }: LegacyOptions): Readonly<Record<string, Procedure<Caller>>> {
  return {
    getVersion: { params: [], run: async () => VERSION },
    createProject: {
      params: ['name', ...Object.keys(createProjectParams)],
      defaults: createProjectParams,
      async run({ ctx }, { name, description: given }) {
        const [title, description] = [parseTitle(name), parseDescription(given)];
        if (title === undefined || description === undefined) return false;
        return (await createProject(ctx, { title, description })).id;
      },
    },
    createTask: {
      params: ['title', 'project_id', ...Object.keys(createTaskParams)],
      defaults: createTaskParams,
      async run(caller, given) {
        const [title, description] = [parseTitle(given.title), parseDescription(given.description)];
        const [projectId, deadline] = [parsePhpId(given.project_id), parseDate(given.date_due)];
        if (title === undefined || description === undefined || deadline === undefined) return false;
        if (projectId === undefined) return 0;
        const creating = createTask(caller.ctx, { projectId, title, description, deadline });
        return (await findOrMissing(caller, creating))?.id ?? 0;
      },
    },
    getTask: {
      params: ['task_id'],
      async run(caller, { task_id }) {
        const id = parsePhpId(task_id);
        const access = await (id === undefined
          ? missing(caller)
          : findOrMissing(caller, loadAttachable(caller.ctx, { type: 'Task', id })));
        return access ? encodeTask(access.row as Row<Task>, publicUrl(), caller.applicationId) : null;
      },
    },
  };
}

function encodeTask(task: Row<Task>, publicUrl: string, applicationId: number | undefined) {
  const at = unixTime(task.createdAt);
  return {
    id: task.id,
    title: task.title,
    description: task.description,
    date_creation: at,
    color_id: 'yellow',
    project_id: task.project.id,
    column_id: 1,
    owner_id: 0,
    position: 1,
    is_active: task.isClosed ? 0 : 1,
    date_completed: null,
    score: 0,
    date_due: task.deadline ? unixTime(task.deadline) : 0,
    category_id: task.category?.id ?? 0,
    creator_id: task.createdBy.id === applicationId ? 0 : task.createdBy.id,
    date_modification: at,
    reference: '',
    date_started: 0,
    time_spent: null,
    time_estimated: null,
    swimlane_id: 1,
    date_moved: at,
    recurrence_status: 0,
    recurrence_trigger: 0,
    recurrence_factor: 0,
    recurrence_timeframe: 0,
    recurrence_basedate: 0,
    recurrence_parent: null,
    recurrence_child: null,
    priority: priorities[task.priority as TaskPriority],
    external_provider: null,
    external_uri: null,
    url: `${publicUrl}/graphql`,
    color: { name: 'Yellow', background: 'rgb(245, 247, 196)', border: 'rgb(223, 227, 45)' },
  };
}

function parseTitle(value: unknown): string | undefined {
  const title = toText(value).trim();
  return title === '' || title.length > MAX_TITLE_LENGTH ? undefined : title;
}

function parseDescription(value: unknown): string | undefined {
  const description = toText(value);
  return description.length > MAX_DESCRIPTION_LENGTH ? undefined : description;
}

/** A day, optionally with a time. Null if there is none, undefined if it is invalid. */
function parseDate(value: unknown): Date | null | undefined {
  if (value === null || value === '' || value === 0 || value === false) return null;
  if (typeof value !== 'string' || !/^[1-9]\d{3}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?$/.test(value)) return undefined;
  const [year = 0, month = 0, day = 0] = value.slice(0, 10).split('-').map(Number);
  if (!isDay(year, month, day)) return undefined;
  const date = new Date(`${value.replace(' ', 'T')}${value.length > 10 ? 'Z' : ''}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
