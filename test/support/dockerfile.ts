import { DockerfileParser, type Env, type Instruction } from 'dockerfile-ast';
import { readDeploy } from './deploy.ts';

export interface ImageConfig {
  env: Record<string, string>;
  user: string;
  workdir: string;
  volume: string;
  port: number;
  command: [string, ...string[]];
  healthCheck: [string, ...string[]];
}

/** What the last stage of the Dockerfile sets. Throws unless it sets everything once. */
export function imageConfig(): ImageConfig {
  const instructions = DockerfileParser.parse(readDeploy('docker/Dockerfile')).getInstructions();
  const stage = instructions.slice(instructions.findLastIndex((one) => one.getKeyword() === 'FROM'));
  const find = (keyword: string): Instruction => {
    const [found, ...others] = stage.filter((one) => one.getKeyword() === keyword);
    if (!found || others.length > 0) throw new Error(`The last stage has to have one ${keyword}.`);
    return found;
  };
  const textOf = (keyword: string) => find(keyword).getArgumentsContent() ?? '';
  const properties = (find('ENV') as Env).getProperties();
  return {
    env: Object.fromEntries(properties.map((one) => [one.getName(), one.getValue() ?? ''])),
    user: textOf('USER'),
    workdir: textOf('WORKDIR'),
    volume: textOf('VOLUME'),
    port: Number(textOf('EXPOSE')),
    command: JSON.parse(textOf('CMD')),
    healthCheck: JSON.parse(textOf('HEALTHCHECK').replace(/^CMD /, '')),
  };
}
