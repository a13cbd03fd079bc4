import type { GraphiQLPlugin } from '@graphiql/react';
import { IconBulb } from '@tabler/icons-react';
import { messages } from '../../messages/messages.ts';
import { topics } from '../examples/topics.ts';
import classes from '../explorer.module.css';
import { useOpenOperation } from './use-open-operation.ts';

const { topics: topicTitles, examples: exampleTitles, operations: texts } = messages.explorer;

/** An example operation for every capability, by topic. */
function Examples() {
  const open = useOpenOperation();
  return (
    <section aria-labelledby="examples">
      <h2 id="examples" className={classes.pluginTitle}>
        {texts.examples}
      </h2>
      {topics.map(({ name: topic, examples }) => (
        <details key={topic} className={classes.topic} open={topic === 'lists' || topic === 'uploading'}>
          <summary>{topicTitles[topic]}</summary>
          <ul className={classes.list}>
            {examples.map(({ name, query, variables }) => (
              <li key={name}>
                <button
                  type="button"
                  className={classes.item}
                  onClick={() => open(query, variables ? JSON.stringify(variables, null, 2) : '')}
                >
                  {exampleTitles[name]}
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}

export const EXAMPLES_PLUGIN: GraphiQLPlugin = {
  title: texts.examples,
  icon: () => <IconBulb aria-hidden="true" />,
  content: Examples,
};
