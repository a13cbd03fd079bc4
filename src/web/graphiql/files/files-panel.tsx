import { useGraphiQL } from '@graphiql/react';
import { useEffect, useMemo } from 'react';
import { messages } from '../../messages/messages.ts';
import type { Execution } from '../execution/fetcher.ts';
import { operationIn } from '../execution/operation.ts';
import { Panel } from '../panel.tsx';
import { useStore } from '../store.ts';
import { chooseFiles, filesAt } from './chosen-files.ts';
import { PlaceRow } from './place-row.tsx';
import { TransferProgress } from './transfer-progress.tsx';
import { type UploadPlace, uploadPlaces } from './upload-places.ts';
import { showNulls } from './variables-editor.ts';

/** The files that the open operation takes: a row for each place of its variables. */
export function FilesPanel({ execution }: { execution: Execution }) {
  const { schema, documentAST, operationName, variableEditor } = useGraphiQL((state) => ({
    schema: state.schema,
    documentAST: state.documentAST,
    operationName: state.operationName,
    variableEditor: state.variableEditor,
  }));
  const { tabId, variables } = useGraphiQL(({ tabs, activeTabIndex }) => ({
    tabId: tabs[activeTabIndex]?.id ?? '',
    variables: tabs[activeTabIndex]?.variables ?? '',
  }));
  execution.tabId = tabId;
  const chosen = useStore(execution.chosen);
  const places = useMemo((): UploadPlace[] => {
    const operation = documentAST && operationIn(documentAST, operationName);
    return schema && operation ? uploadPlaces(schema, operation, parseJson(variables)) : [];
  }, [schema, documentAST, operationName, variables]);

  useKeptPage();
  if (places.length === 0) return null;
  return (
    <Panel title={messages.explorer.files.title}>
      {places.map((place) => (
        <PlaceRow
          key={place.path}
          place={place}
          files={filesAt(chosen, tabId, place.path)}
          onChange={(files) => {
            chooseFiles(execution.chosen, tabId, place.path, files);
            if (variableEditor) showNulls(variableEditor, { place, files });
          }}
        />
      ))}
      <TransferProgress transfer={execution.transfer} tabId={tabId} />
    </Panel>
  );
}

/** A file that is dropped beside its place would replace the page, and with it what was typed. */
function useKeptPage(): void {
  useEffect(() => {
    const keep = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    window.addEventListener('dragover', keep);
    window.addEventListener('drop', keep);
    return () => {
      window.removeEventListener('dragover', keep);
      window.removeEventListener('drop', keep);
    };
  }, []);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // being typed
  }
}
