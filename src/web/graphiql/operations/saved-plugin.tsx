import { type GraphiQLPlugin, useGraphiQL } from '@graphiql/react';
import { IconBookmark } from '@tabler/icons-react';
import { useState } from 'react';
import { format, messages } from '../../messages/messages.ts';
import classes from '../explorer.module.css';
import { useStore } from '../store.ts';
import { deleteOperation, type SavedOperations, saveOperation } from './saved-operations.ts';
import { useOpenOperation } from './use-open-operation.ts';

const texts = messages.explorer.operations;

function Saved({ store }: { store: SavedOperations }) {
  const open = useOpenOperation();
  const operations = useStore(store);
  return (
    <section aria-labelledby="saved">
      <h2 id="saved" className={classes.pluginTitle}>
        {texts.saved}
      </h2>
      <SaveForm store={store} />
      {operations.length === 0 && <p className={classes.hint}>{texts.nothingSaved}</p>}
      <ul className={classes.list}>
        {operations.map(({ name, query, variables }) => (
          <li key={name} className={classes.row}>
            <button type="button" className={classes.item} onClick={() => open(query, variables)}>
              <bdi>{name}</bdi>
            </button>
            <button
              type="button"
              className={classes.button}
              aria-label={format(texts.deleteSaved, { name })}
              onClick={() => deleteOperation(store, name)}
            >
              {texts.delete}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Saves what is in the editors. Headers are left out: they may contain keys. */
function SaveForm({ store }: { store: SavedOperations }) {
  const { queryEditor, variableEditor, title } = useGraphiQL((state) => ({
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
    title: state.tabs[state.activeTabIndex]?.operationName ?? '',
  }));
  const [typed, setTyped] = useState<string>();
  const name = typed ?? title;

  function save(event: React.FormEvent) {
    event.preventDefault();
    const query = queryEditor?.getValue() ?? '';
    saveOperation(store, { name: name.trim(), query, variables: variableEditor?.getValue() ?? '' });
    setTyped(undefined);
  }

  return (
    <form className={classes.row} onSubmit={save}>
      <input
        className={classes.input}
        aria-label={texts.name}
        placeholder={texts.name}
        value={name}
        onChange={(event) => setTyped(event.currentTarget.value)}
        pattern=".*\S.*"
        required
      />
      <button type="submit" className={classes.button}>
        {texts.save}
      </button>
    </form>
  );
}

/** The operations that the user has saved in this browser. */
export const savedPlugin = (store: SavedOperations): GraphiQLPlugin => ({
  title: texts.saved,
  icon: () => <IconBookmark aria-hidden="true" />,
  content: () => <Saved store={store} />,
});
