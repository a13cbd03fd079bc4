import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, ConfigError } from './config.ts';

/**
 * Explains in one sentence why the server cannot start, if the operator can fix it: which setting,
 * which path, and what to do. Returns any other error as it is.
 */
export function explainStartError(error: unknown, { port, host, dataDir, metrics }: Config): unknown {
  const { code = '', syscall = '', ...failed } = error as NodeJS.ErrnoException & { port?: number; hostname?: string };
  const listening =
    metrics && (failed.port === metrics.port || failed.hostname === metrics.host)
      ? { ...metrics, prefix: 'METRICS_' }
      : { port, host, prefix: '' };
  const isListening = syscall === 'listen' || (syscall === 'getaddrinfo' && failed.hostname === listening.host);
  const sentence = isListening ? listenErrors[code]?.(listening) : folderErrors[code]?.(dataDir);
  return sentence === undefined ? error : new ConfigError(sentence, { cause: error });
}

/** `prefix` begins the names of the settings. */
const listenErrors: Record<string, (options: { port: number; host: string; prefix: string }) => string> = {
  EADDRINUSE: ({ port, prefix }) =>
    `Port ${port} is in use; set ${prefix}PORT to another one, or stop the program that listens there.`,
  EACCES: ({ port, prefix }) => `Port ${port} may not be used by this user; set ${prefix}PORT to one above 1023.`,
  EADDRNOTAVAIL: ({ host, prefix }) =>
    `${prefix}HOST ${host} is no address of this machine; set ${prefix}HOST to one, or to 0.0.0.0 for all.`,
  ENOTFOUND: ({ host, prefix }) => `${prefix}HOST ${host} is no address; set ${prefix}HOST to one, as in 127.0.0.1.`,
};

const notWritable = (dataDir: string) =>
  `The data folder ${dataDir} cannot be created or written by this user; give the user the permission, or set DATA_DIR to another folder.`;
const full = (dataDir: string) =>
  `The disk of the data folder ${dataDir} is full; free some space, or set DATA_DIR to a folder on another disk.`;
const notFolder = (dataDir: string) =>
  `The data folder ${dataDir} is a file, or lies below one; set DATA_DIR to a folder, which is created if it does not exist.`;

const folderErrors: Record<string, (dataDir: string) => string> = {
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  SQLITE_READONLY: notWritable,
  SQLITE_CANTOPEN: (dataDir) => (isFile(dataDir) ? notFolder(dataDir) : notWritable(dataDir)),
  ENOENT: notWritable,
  ENOTDIR: notFolder,
  EEXIST: notFolder,
  ENOSPC: full,
  EDQUOT: full,
  SQLITE_FULL: full,
  ENAMETOOLONG: (dataDir) =>
    `The path of the data folder is too long: ${dirname(dataDir)}. Set DATA_DIR to a shorter one.`,
};

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
