import { fileOrigins, fileStatuses } from '../../attachments/update-file.ts';
import type { FileOrigin, FileStatus } from '../../database/entities/index.ts';
import { builder } from '../builder.ts';

const described = <Value extends string>(values: readonly Value[], descriptions: Record<Value, string>) =>
  Object.fromEntries(values.map((value) => [value, { description: descriptions[value] }])) as {
    [Each in Value]: { description: string };
  };

export const FileStatusEnum = builder.enumType('FileStatus', {
  description: 'Review status of a file. A file that needs no review has none.',
  values: described<FileStatus>(fileStatuses, {
    APPROVED: 'The file was reviewed and approved.',
    PENDING: 'The file waits for a review.',
    REQUIRED: 'The file was reviewed and has to be redone.',
  }),
});

export const FileOriginEnum = builder.enumType('FileOrigin', {
  description: 'Step of the work on a task in which a file was uploaded.',
  values: described<FileOrigin>(fileOrigins, {
    TASK_PANEL: 'Work on the task.',
    REWORK: 'Rework after a review.',
    FEEDBACK: 'Feedback that requires rework.',
  }),
});

export const FileEncodingEnum = builder.enumType('FileEncoding', {
  description: 'Encoding of file content in JSON.',
  values: { BASE64: { description: 'Base64, see https://www.rfc-editor.org/rfc/rfc4648#section-4' } },
});
