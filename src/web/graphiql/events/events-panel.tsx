import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { ExecutionResult } from 'graphql';
import { useEffect, useRef } from 'react';
import { format, messages } from '../../messages/messages.ts';
import classes from '../explorer.module.css';
import { shortJson } from '../links/json-lines.ts';
import { JsonText } from '../links/json-text.tsx';
import { Panel } from '../panel.tsx';
import { useStore } from '../store.ts';
import { clearEvents, type EventLog, type EventLogStore, type LoggedEvent, MAX_EVENTS } from './event-log.ts';

const texts = messages.explorer.events;
/** What the line of an event shows: the window cuts it off. */
const SHOWN_LENGTH = 300;

/** All events of the last subscription, the newest last. The response shows only that one. */
export function EventsPanel({ events: store }: { events: EventLogStore }) {
  const { stop } = useGraphiQLActions();
  const tabId = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.id);
  const log = useStore(store);
  if (!log || log.tabId !== tabId) return null;
  const isOpen = log.state !== 'ended' && log.state !== 'stopped';
  const actions = (
    <>
      <button type="button" className={classes.button} onClick={() => clearEvents(store)}>
        {texts.clear}
      </button>
      {isOpen && (
        <button type="button" className={classes.button} onClick={stop}>
          {texts.stop}
        </button>
      )}
    </>
  );
  return (
    <Panel title={texts.title} actions={actions}>
      <p className={classes.hint} role="status">
        {format(texts.count, { count: log.count })} · {texts.states[log.state]}
        {log.state === 'reconnecting' && ` ${log.resumes ? texts.resumes : texts.mayMiss}`}
      </p>
      {log.count > MAX_EVENTS && <p className={classes.hint}>{format(texts.newest, { count: MAX_EVENTS })}</p>}
      <EventList log={log} />
    </Panel>
  );
}

function EventList({ log }: { log: EventLog }) {
  const ref = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);

  useEffect(() => {
    const list = ref.current;
    if (list && isAtEnd.current) list.scrollTop = list.scrollHeight;
  }, [log.count]);

  if (log.events.length === 0) return null;
  return (
    <div
      ref={ref}
      className={classes.events}
      role="log"
      aria-label={texts.title}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollTop + clientHeight > scrollHeight - 20;
      }}
    >
      <ol className={classes.list}>
        {log.events.map((event) => (
          <Event key={event.number} {...event} />
        ))}
      </ol>
    </div>
  );
}

function Event({ number, at, result }: LoggedEvent) {
  return (
    <li>
      <details>
        <summary className={classes.event}>
          <span className={classes.hint}>{number}</span>
          <time className={classes.hint} dateTime={at.toISOString()}>
            {at.toLocaleTimeString()}
          </time>
          <code className={classes.json}>{shortJson(contentOf(result), SHOWN_LENGTH)}</code>
        </summary>
        <pre className={classes.payload}>
          <JsonText value={result} />
        </pre>
      </details>
    </li>
  );
}

/** What differs between events: the field and its cursor are left out. */
function contentOf({ data, errors }: ExecutionResult): unknown {
  const [event, ...others] = Object.values(data ?? {});
  if (errors || others.length > 0 || typeof event !== 'object') return errors ?? data;
  const { cursor, ...content } = event as Record<string, unknown>;
  return Object.keys(content).length > 0 ? content : { cursor };
}
