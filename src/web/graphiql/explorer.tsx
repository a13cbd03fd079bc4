import 'graphiql/setup-workers/vite';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './explorer.css';
import { useComputedColorScheme } from '@mantine/core';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useState } from 'react';
import { messages } from '../messages/messages.ts';
import type { SignedIn } from '../sign-in/session.ts';
import { createEventLog } from './events/event-log.ts';
import { EventsPanel } from './events/events-panel.tsx';
import { topics } from './examples/topics.ts';
import { createFetcher, type Execution } from './execution/fetcher.ts';
import type { Transfer } from './execution/transfer.ts';
import classes from './explorer.module.css';
import { ExplorerBar } from './explorer-bar.tsx';
import { initialContent, openExplorerStorage } from './explorer-storage.ts';
import { createChosenFiles } from './files/chosen-files.ts';
import { FilesPanel } from './files/files-panel.tsx';
import { LinksPanel } from './links/links-panel.tsx';
import { EXAMPLES_PLUGIN } from './operations/examples-plugin.tsx';
import { createSavedOperations } from './operations/saved-operations.ts';
import { savedPlugin } from './operations/saved-plugin.tsx';
import { createStore } from './store.ts';

const createExecution = (): Execution => ({
  chosen: createChosenFiles(),
  events: createEventLog(),
  transfer: createStore<Transfer | undefined>(undefined),
  schema: undefined,
  tabId: '',
  stop() {},
});

/** The tabs of a first visit. */
const defaultTabs = ['Workspace', 'NewFiles'].map((wanted) => {
  const example = topics.flatMap(({ examples }) => examples).find(({ name }) => name === wanted);
  if (!example) throw new Error(`There is no example ${wanted}.`);
  const { query, variables } = example;
  return { query, variables: variables ? JSON.stringify(variables, null, 2) : null };
});

/** Files are null in the Variables editor, which would be wrong for a value that must not be null. */
const customScalarSchemas = { Upload: { type: 'null' as const } };

/** On a phone, the response is below the editors, out of sight. */
function showResponse(): void {
  if (!matchMedia('(max-width: 48em)').matches) return;
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  document.querySelector('.graphiql-response')?.scrollIntoView({ block: 'start', behavior });
}

interface ExplorerProps {
  viewer: SignedIn['viewer'];
  onSignOut(): void;
}

/** GraphiQL with files, a list of events, links and examples. */
export default function Explorer({ viewer, onSignOut }: ExplorerProps) {
  const colorScheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const [execution] = useState(createExecution);
  const [storage] = useState(() => openExplorerStorage(viewer.id));
  const [plugins] = useState(() => [EXAMPLES_PLUGIN, savedPlugin(createSavedOperations(storage)), HISTORY_PLUGIN]);
  const [content] = useState(() => initialContent(storage));
  const [fetcher] = useState(() => createFetcher(execution, showResponse));

  // Signed out, or the session has ended: GraphiQL itself stops nothing.
  useEffect(() => () => execution.stop(), [execution]);

  return (
    <div className={classes.page}>
      <ExplorerBar viewerName={viewer.displayName} onSignOut={onSignOut} />
      <main className={classes.main} aria-label={messages.explorer.title}>
        <GraphiQL
          fetcher={fetcher}
          plugins={plugins}
          storage={storage}
          customScalarSchemas={customScalarSchemas}
          defaultTabs={defaultTabs}
          {...content}
          defaultEditorToolsVisibility="variables"
          shouldPersistHeaders={false}
          forcedTheme={colorScheme}
          onSchemaChange={(schema) => {
            execution.schema = schema;
          }}
        >
          <GraphiQL.Footer>
            <FilesPanel execution={execution} />
            <EventsPanel events={execution.events} />
            <LinksPanel />
          </GraphiQL.Footer>
        </GraphiQL>
      </main>
    </div>
  );
}
