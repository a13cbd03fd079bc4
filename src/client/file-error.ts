import { ClientError } from './errors.ts';

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it exists already',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ELOOP: 'it is a link',
  ENOSPC: 'the disk is full',
};

/** Explains an error of the file system in a few words. */
export function explainFileError(error: unknown): Error {
  const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
  return reason === undefined ? (error as Error) : new ClientError(reason, { cause: error });
}
