import { setTimeout as pause } from 'node:timers/promises';
import { anyOf } from './random.ts';
import { type Endpoint, send } from './send.ts';
import { KEY, type Workspace } from './workspace.ts';

/** An uploaded file whose response was read to the end. */
export interface Acknowledged {
  fileId: string;
  taskId: string;
}

export interface Writer {
  acknowledged: Acknowledged[];
  /** How many uploads were not acknowledged, by error. Their files may exist or not. */
  failures: Map<string, number>;
  /** Resolves after the last upload, once `signal` is aborted. */
  ended: Promise<void>;
}

interface WriterOptions {
  workspace: Workspace;
  /** The server for the next upload. */
  anyNode(): Endpoint;
  /** The longest pause between two uploads. */
  pauseMs: number;
  /** Stops the writer. */
  signal: AbortSignal;
}

/** Uploads small files one after the other, and retries each until it is acknowledged. */
export function startWriter(name: string, { workspace, anyNode, pauseMs, signal }: WriterOptions): Writer {
  const acknowledged: Acknowledged[] = [];
  const failures = new Map<string, number>();
  const write = async () => {
    for (let number = 0; !signal.aborted; number++) {
      const taskId = anyOf(workspace.taskIds);
      const upload = anyOf([uploadInline, uploadSome]);
      for (let attempt = 0; !signal.aborted; attempt++) {
        try {
          const ids = await upload(anyNode(), taskId, `${name}-${number}-${attempt}`);
          acknowledged.push(...ids.map((fileId) => ({ fileId, taskId })));
          break;
        } catch (error) {
          const reason = reasonOf(error);
          failures.set(reason, (failures.get(reason) ?? 0) + 1);
          await pause(20 + Math.random() * 200);
        }
      }
      await pause(Math.random() * pauseMs);
    }
  };
  return { acknowledged, failures, ended: write() };
}

type Upload = (server: Endpoint, taskId: string, name: string) => Promise<string[]>;

/** One file, as base64. */
const uploadInline: Upload = async (server, taskId, name) => {
  const { createTaskFile } = await send<{ createTaskFile: { file: { id: string } } }>(
    server,
    KEY,
    `mutation ($taskId: ID!, $filename: String!, $blob: Base64!) {
      createTaskFile(input: { taskId: $taskId, filename: $filename, blob: $blob }) { file { id } }
    }`,
    { taskId, filename: `${name}.txt`, blob: Buffer.from(name).toString('base64') },
  );
  return [createTaskFile.file.id];
};

/** One to three files in a multipart request. */
const uploadSome: Upload = async (server, taskId, name) => {
  const files = [1, 2, 3]
    .slice(0, Math.ceil(Math.random() * 3))
    .map((part) => new File([`${name} ${part}`], `${name}-${part}.txt`));
  const { uploadTaskFiles } = await send<{
    uploadTaskFiles: { files: { id: string }[]; errors: { message: string }[] };
  }>(
    server,
    KEY,
    `mutation ($taskId: ID!, $files: [Upload!]!) {
      uploadTaskFiles(input: { taskId: $taskId, files: $files }) { files { id } errors { message } }
    }`,
    { taskId },
    files,
  );
  for (const { message } of uploadTaskFiles.errors) throw new Error(message);
  return uploadTaskFiles.files.map((file) => file.id);
};

/** The reason of a failed request, which `fetch` has in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : error.message;
}
