import { readEvents, subscribeToEvents } from '../../attachments/subscribe.ts';
import type { AttachableRef } from '../../database/entities/index.ts';
import { formatEventCursor } from '../../events/cursor.ts';
import { type EventType, eventTypes, type FileEvent } from '../../events/event.ts';
import { topicOf } from '../../events/topic.ts';
import type { FileKey } from '../../files/list-files.ts';
import { type Attachable, findAttachables } from '../../workspace/attachable.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { pageSize, toCursor } from '../connection.ts';
import type { GraphQLContext } from '../context.ts';
import { attachableOf, encodeId } from '../ids.ts';
import { AttachableInterface, FileNode, UserNode } from '../refs.ts';
import { FileEdge } from './file.ts';

const FileEventTypeEnum = builder.enumType('FileEventType', {
  description: 'What happened to a file.',
  values: Object.fromEntries(Object.entries(eventTypes).map(([type, description]) => [type, { description }])) as {
    [Type in EventType]: { description: string };
  },
});

/** Whoever hears an event sees where it happened; nobody is asked again. Null when it is gone meanwhile. */
const placeOf = batchLoader<AttachableRef, Attachable | null>(async (refs, context) => {
  const rows = await findAttachables(context, refs);
  return refs.map((ref) => rows.get(topicOf(ref)) ?? null);
});

const cursorOf = ({ topic, seq }: FileEvent, _args: object, { events }: GraphQLContext) =>
  formatEventCursor({ epoch: events.epoch, topic, seq });

const FileEventType = builder.objectRef<FileEvent>('FileEvent').implement({
  description: 'Something that happened to a file, at one place. Told once, in the order in which it happened.',
  fields: (t) => ({
    cursor: t.string({
      description:
        'Where it lies: subscribe again, or read on, with it as `after`, and nothing is missed. It counts all events there, ' +
        'also those that are not for you, and tells nothing of them.',
      resolve: cursorOf,
    }),
    type: t.expose('type', { type: FileEventTypeEnum, description: 'What happened.' }),
    file: t.field({
      type: FileNode,
      description: 'The file as it was then, whatever became of it.',
      resolve: (event) => event.file,
    }),
    fileEdge: t.field({
      type: FileEdge,
      description: 'The same as an edge of the list there, so that a cache can append it or take it out.',
      resolve: ({ attachmentId, file }) => ({
        cursor: toCursor(['createdAt', file.createdAt.getTime(), attachmentId] satisfies FileKey),
        node: file,
      }),
    }),
    previousFileId: t.id({
      nullable: true,
      description: 'Of versions: the one before the one that was added, or the one that was removed.',
      resolve: ({ previousFileId }) => (previousFileId === null ? null : encodeId('File', previousFileId)),
    }),
    onId: t.id({
      description: 'Where it happened: what you listen to, or a task or comment of that project.',
      resolve: ({ on }) => encodeId(on.type, on.id),
    }),
    on: t.field({
      type: AttachableInterface,
      nullable: true,
      description: 'The same as it is now; null when it was deleted meanwhile.',
      resolve: ({ on }, _args, context) => placeOf(on, context),
    }),
    actor: t.field({ type: UserNode, description: 'Who did it.', resolve: ({ actorId }) => actorId }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was done.' }),
    session: t.exposeString('session', {
      nullable: true,
      description: 'Token of the upload session that announced it together with others, if one did.',
    }),
  }),
});

const on = 'as in `Task:1`, `Project:1` or `Contact:1`. A project also hears its tasks and comments.';
const listenArgs = builder.args((t) => ({
  on: t.id({ required: true, description: `What to listen to, ${on}` }),
  after: t.string({
    description:
      'A cursor of its events, or its `files { eventCursor }`: tells everything that happened after it, then goes on ' +
      'live, without a gap. From now on, if not given. CURSOR_EXPIRED when what came after it is no longer kept.',
  }),
}));

builder.subscriptionField('fileAdded', (t) =>
  t.field({
    type: FileEventType,
    description:
      'Each file that appears on something, and each next version of one. Its bytes are safely stored when you hear of it.',
    args: listenArgs,
    subscribe: (_root, { on, after }, context) =>
      subscribeToEvents(context, attachableOf(on), {
        ...context.subscription,
        after: context.lastEventId ?? after ?? undefined,
        types: ['FILE_ADDED', 'FILE_VERSION_ADDED'],
      }),
    resolve: (event) => event,
  }),
);

builder.subscriptionField('fileEvents', (t) =>
  t.field({
    type: FileEventType,
    description: 'Everything that happens to the files on something.',
    args: listenArgs,
    subscribe: (_root, { on, after }, context) =>
      subscribeToEvents(context, attachableOf(on), {
        ...context.subscription,
        after: context.lastEventId ?? after ?? undefined,
      }),
    resolve: (event) => event,
  }),
);

interface Past {
  events: FileEvent[];
  endCursor: string;
  hasMore: boolean;
}

const FileEventPage = builder.objectRef<Past>('FileEventPage').implement({
  description: 'A page of events, oldest first.',
  fields: (t) => ({
    nodes: t.field({
      type: [FileEventType],
      description: 'The events of this page; each has its cursor.',
      resolve: ({ events }) => events,
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description:
        'How to read on. Its `endCursor` is there even when the page is empty: read on after it, now or later.',
      resolve: ({ events: [first], endCursor, hasMore }, _args, context) => ({
        hasNextPage: hasMore,
        hasPreviousPage: false,
        startCursor: first ? cursorOf(first, {}, context) : null,
        endCursor,
      }),
    }),
  }),
});

builder.queryField('fileEvents', (t) =>
  t.field({
    type: FileEventPage,
    description: 'What happened to the files on something, for those who ask now and then rather than listen.',
    args: {
      on: t.arg.id({ required: true, description: `What it happened on, ${on}` }),
      after: t.arg.string({
        description:
          'A cursor of its events; from the oldest that is kept, if not given. CURSOR_EXPIRED when what came after it is no longer kept.',
      }),
      first: t.arg.int({ description: 'How many to read. At most 100, and more is BAD_USER_INPUT; 25 unless given.' }),
    },
    async resolve(_root, { on, after, first }, context) {
      const ref = attachableOf(on);
      const page = { after: after ?? undefined, limit: pageSize(first) };
      const past = await context.budget.query(() => readEvents(context, ref, page));
      return { ...past, endCursor: await context.events.cursorOf(topicOf(ref), past.readUntil) };
    },
  }),
);
