/** The environment of a command, and how it prints a line. */
export interface CommandIO {
  env: NodeJS.ProcessEnv;
  print(line: string): void;
}
