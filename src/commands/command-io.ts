/** What a command reads its settings from, and how it writes a line to the person who called it. */
export interface CommandIO {
  env: NodeJS.ProcessEnv;
  print(line: string): void;
}
