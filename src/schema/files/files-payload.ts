import { topicOf } from '../../events/topic.ts';
import { countFiles } from '../../files/list-files.ts';
import type { FileFailure, UploadResult } from '../../uploads/upload-result.ts';
import { builder } from '../builder.ts';
import { ErrorCodeEnum } from '../errors.ts';
import { FileNode } from '../refs.ts';
import { edgeOf } from './attachable.ts';
import { FileEdge } from './file.ts';

const FileErrorType = builder.objectRef<FileFailure>('FileError').implement({
  description: 'Why one file of several was not kept. Nothing is left of it, and the others are not affected.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its place in the `files` that were given, from 0.' }),
    filename: t.exposeString('filename', { description: 'What the client called it.' }),
    message: t.exposeString('message', { description: 'What went wrong and what to do, for people.' }),
    code: t.expose('code', { type: ErrorCodeEnum, description: 'What went wrong, for programs.' }),
  }),
});

export const AttachedFiles = builder.interfaceRef<Omit<UploadResult, 'errors'>>('AttachedFiles').implement({
  description: 'What every payload has that puts files somewhere.',
  fields: (t) => ({
    files: t.field({
      type: [FileNode],
      description: 'Those of this call, in the order in which they were given.',
      resolve: (payload) => payload.files,
    }),
    fileEdges: t.field({
      type: [FileEdge],
      description: 'The same as edges of the list that they were added to, so that a cache can append them.',
      resolve: ({ attachments, files }) => attachments.map((attachment) => edgeOf(attachment, files)),
    }),
    eventCursor: t.string({
      nullable: true,
      description:
        'Where the events there stood right after this call: listen with it as `after`, and you hear of what comes ' +
        'next. Null where they hang on nothing.',
      resolve: ({ on, written }, _args, { events }) =>
        on ? events.cursorOf(topicOf(on), written?.get(topicOf(on))) : null,
    }),
    filesCount: t.int({
      description:
        'How many of the files that hang there now you may see; where they hang on nothing yet, how many of this call are kept.',
      resolve: (payload, _args, context) => (payload.on ? countFiles(context, payload.on) : payload.files.length),
    }),
  }),
});

export const UploadedFiles = builder.interfaceRef<UploadResult>('UploadedFiles').implement({
  description: 'What every upload answers. Each file is kept or fails by itself.',
  interfaces: [AttachedFiles],
  fields: (t) => ({
    errors: t.field({
      type: [FileErrorType],
      description: 'Those that are not kept, and why.',
      resolve: (payload) => payload.errors,
    }),
  }),
});

/** Gives the payload of a mutation the fields that all of its kind have. */
export function payloadInterfaces<Shape>(...interfaces: { $inferType: Shape }[]) {
  return ({
    payloadType,
  }: {
    payloadType: { addInterfaces(interfaces: never[]): void } & { $inferType: Shape };
  }): void => payloadType.addInterfaces(interfaces as never[]);
}

/** For payloads of uploads, and of what is created with files. */
export const uploadPayloadInterfaces = payloadInterfaces(UploadedFiles, AttachedFiles);
