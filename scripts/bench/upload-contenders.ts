import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** A server that accepts uploads, in its own process. */
export interface Contender {
  name: string;
  start(): Promise<ServerProcess>;
  /** Accepts the bytes as the body instead of a form. */
  isBare?: boolean;
}

const program = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const start = (file: string, env: Record<string, string>) => () =>
  startServerProcess(env, { program: program(file), printLog: false });

export const baseline: Contender = { name: 'baseline', start: start('baseline-server.ts', {}), isBare: true };
export const durableBaseline: Contender = {
  name: 'durable baseline',
  start: start('baseline-server.ts', { BASELINE: 'durable' }),
  isBare: true,
};
export const yoga: Contender = { name: 'Yoga', start: start('upload-peers-server.ts', { PEER: 'yoga' }) };
export const apollo: Contender = {
  name: 'Apollo, graphql-upload',
  start: start('upload-peers-server.ts', { PEER: 'apollo' }),
};
export const attache: Contender = { name: 'Attaché', start: () => startServerProcess({ MAX_FILES: '100' }) };

export const contenders = [baseline, durableBaseline, yoga, apollo, attache];
