import { topicOf } from '../../events/topic.ts';
import { countFiles } from '../../files/list-files.ts';
import type { FileFailure, UploadResult } from '../../uploads/upload-result.ts';
import { builder } from '../builder.ts';
import { ErrorCodeEnum } from '../errors.ts';
import { FileNode } from '../refs.ts';
import { edgeOf } from './attachable.ts';
import { FileEdge } from './file.ts';

export const FileErrorType = builder.objectRef<FileFailure>('FileError').implement({
  description: 'Why one file of a request was not stored. Nothing of it is kept; the other files are not affected.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Index of the file in the `files` of the request, from 0.' }),
    filename: t.exposeString('filename', { description: 'File name that the client sent.' }),
    message: t.exposeString('message', { description: 'Cause of the failure and how to correct it, for people.' }),
    code: t.expose('code', { type: ErrorCodeEnum, description: 'Kind of the error, for programs.' }),
  }),
});

export const AttachedFiles = builder.interfaceRef<Omit<UploadResult, 'errors'>>('AttachedFiles').implement({
  description: 'Fields of every payload of a mutation that uploads or attaches files.',
  fields: (t) => ({
    files: t.field({
      type: [FileNode],
      description: 'The files of this call, in the order in which they were given.',
      resolve: (payload) => payload.files,
    }),
    fileEdges: t.field({
      type: [FileEdge],
      description:
        'The same files as edges of the list that they were added to, so that a client can add them to its ' + 'cache.',
      resolve: ({ attachments, files }) => attachments.map((attachment) => edgeOf(attachment, files)),
    }),
    eventCursor: t.string({
      nullable: true,
      description:
        'Position in the log of events right after this call. Subscribe with it as `after` to get every ' +
        'later event of the attachable. Null when the files are attached to nothing.',
      resolve: ({ on, written }, _args, { events }) =>
        on ? events.cursorOf(topicOf(on), written?.get(topicOf(on))) : null,
    }),
    filesCount: t.int({
      description:
        'Number of files that are now attached to the attachable and that you may see. For files that are ' +
        'attached to nothing, the number of files that this call stored.',
      resolve: (payload, _args, context) => (payload.on ? countFiles(context, payload.on) : payload.files.length),
    }),
  }),
});

export const UploadedFiles = builder.interfaceRef<UploadResult>('UploadedFiles').implement({
  description: 'Fields of every payload of an upload. Each file is stored or fails independently.',
  interfaces: [AttachedFiles],
  fields: (t) => ({
    errors: t.field({
      type: [FileErrorType],
      description: 'The files that were not stored, with the reasons; empty when all were stored.',
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
