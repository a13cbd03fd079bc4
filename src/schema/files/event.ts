import { readEvents, subscribeToEvents } from '../../attachments/subscribe.ts';
import type { AttachableRef } from '../../database/entities/index.ts';
import { formatEventCursor } from '../../events/cursor.ts';
import { type EventType, eventTypes, type FileEvent } from '../../events/event.ts';
import { topicOf } from '../../events/topic.ts';
import { type Attachable, findAttachables } from '../../workspace/attachable.ts';
import { batchLoader } from '../batch-loader.ts';
import { builder } from '../builder.ts';
import { pageSize } from '../connection.ts';
import type { GraphQLContext } from '../context.ts';
import { attachableOf, encodeId } from '../ids.ts';
import { AttachableInterface, FileNode, UserNode } from '../refs.ts';
import { FileEdge } from './file.ts';
import { cursorOfFile } from './file-list.ts';

const FileEventTypeEnum = builder.enumType('FileEventType', {
  description: 'Kind of a file event.',
  values: Object.fromEntries(Object.entries(eventTypes).map(([type, description]) => [type, { description }])) as {
    [Type in EventType]: { description: string };
  },
});

/**
 * The attachable of an event. A viewer who received the event may see it, so rights are not checked
 * again. Null when it was deleted meanwhile.
 */
const placeOf = batchLoader<AttachableRef, Attachable | null>(async (refs, context) => {
  const rows = await findAttachables(context, refs);
  return refs.map((ref) => rows.get(topicOf(ref)) ?? null);
});

const cursorOf = ({ topic, seq }: FileEvent, _args: object, { events }: GraphQLContext) =>
  formatEventCursor({ epoch: events.epoch, topic, seq });

const FileEventType = builder.objectRef<FileEvent>('FileEvent').implement({
  description: 'A change of a file on one attachable. Events are delivered once each, in the order of the changes.',
  fields: (t) => ({
    cursor: t.string({
      description:
        'Position of the event in the log. Subscribe or read again with it as `after` to get every later ' +
        'event. The position also counts events that you may not see, and reveals nothing else about them.',
      resolve: cursorOf,
    }),
    type: t.expose('type', { type: FileEventTypeEnum, description: 'Kind of the event.' }),
    file: t.field({
      type: FileNode,
      description: 'The file as it was at the time of the event, even if it was changed or removed since.',
      resolve: (event) => event.file,
    }),
    fileEdge: t.field({
      type: FileEdge,
      description: 'The file as an edge of the file list of `on`, so that a client can add it to its cache or drop it.',
      resolve: ({ file }) => ({ cursor: cursorOfFile(file), node: file }),
    }),
    previousFileId: t.id({
      nullable: true,
      description: 'Id of the version before the added one, or of the removed version; null for events of other kinds.',
      resolve: ({ previousFileId }) => (previousFileId === null ? null : encodeId('File', previousFileId)),
    }),
    onId: t.id({
      description:
        'Id of the attachable of the event: the one that you subscribed to, or a task or comment of that ' + 'project.',
      resolve: ({ on }) => encodeId(on.type, on.id),
    }),
    on: t.field({
      type: AttachableInterface,
      nullable: true,
      description: 'The attachable of the event in its present state; null when it was deleted since.',
      resolve: ({ on }, _args, context) => placeOf(on, context),
    }),
    actor: t.field({
      type: UserNode,
      description: 'The user who caused the event.',
      resolve: ({ actorId }) => actorId,
    }),
    at: t.expose('at', { type: 'DateTime', description: 'Time of the event.' }),
    session: t.exposeString('session', {
      nullable: true,
      description:
        'Token of the upload session that announced the file; null when the file was not uploaded in a ' + 'session.',
    }),
  }),
});

const on =
  'as in `Task:1`, `Project:1` or `Contact:1`. Events of a project include those of its tasks and ' + 'comments.';
const listenArgs = builder.args((t) => ({
  on: t.id({ required: true, description: `Id of the attachable to watch, ${on}` }),
  after: t.string({
    description:
      'Cursor of an event, or `eventCursor` of a list or payload of the same attachable. The stream starts ' +
      'with the events after it and continues live, without a gap. When omitted, it starts with the next ' +
      'event. CURSOR_EXPIRED when events after the cursor are no longer in the log.',
  }),
}));

builder.subscriptionField('fileAdded', (t) =>
  t.field({
    type: FileEventType,
    description:
      'Streams an event for each file that is added to an attachable, and for each new version of its ' +
      'files. The content is durably stored before the event is delivered.',
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
    description: 'Streams every event of the files of an attachable.',
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
      description: 'The events of this page. Each has its own `cursor`.',
      resolve: ({ events }) => events,
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description:
        'Whether more events follow, and the cursors. `endCursor` is set even when the page is empty: read ' +
        'on after it later.',
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
    description:
      'Reads past events of the files of an attachable, for clients that poll instead of subscribing. NOT_FOUND ' +
      'when the attachable does not exist or you may not see it.',
    args: {
      on: t.arg.id({ required: true, description: `Id of the attachable, ${on}` }),
      after: t.arg.string({
        description:
          'Cursor of an event of the same attachable. When omitted, the page starts with the oldest event in ' +
          'the log. CURSOR_EXPIRED when events after the cursor are no longer in the log.',
      }),
      first: t.arg.int({
        description: 'Number of events to return: 1 to 100, and 25 when omitted. Any other number is BAD_USER_INPUT.',
      }),
    },
    async resolve(_root, { on, after, first }, context) {
      const ref = attachableOf(on);
      const page = { after: after ?? undefined, limit: pageSize(first) };
      const past = await context.budget.query(() => readEvents(context, ref, page));
      return { ...past, endCursor: await context.events.cursorOf(topicOf(ref), past.readUntil) };
    },
  }),
);
