import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

/** As in `explorer.css`: below this width the panel covers the editors. */
const PHONE = '(max-width: 48em)';

/** Opens an operation in a new tab, or in the open one if it is empty. */
export function useOpenOperation(): (query: string, variables: string) => void {
  const { addTab, setVisiblePlugin } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL((state) => ({
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }));
  return (query, variables) => {
    if (!queryEditor || !variableEditor) return;
    if (queryEditor.getValue().trim() !== '') addTab();
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
    if (!matchMedia(PHONE).matches) return queryEditor.focus();
    setVisiblePlugin(null);
    // The list was longer than the screen: the editors are at the start of the page.
    scrollTo(0, 0);
  };
}
