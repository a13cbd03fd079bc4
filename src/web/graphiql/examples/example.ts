import type { Messages } from '../../messages/en.ts';

/** The names of the examples, which are those of their operations. */
export type ExampleName = keyof Messages['explorer']['examples'];

/** An operation to start from. Those on the demo workspace run as they are. */
export interface Example {
  name: ExampleName;
  query: string;
  variables?: Record<string, unknown>;
}

/** The examples of a topic. */
export interface Topic {
  name: keyof Messages['explorer']['topics'];
  examples: Example[];
}
