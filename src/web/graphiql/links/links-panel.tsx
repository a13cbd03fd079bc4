import { useGraphiQL } from '@graphiql/react';
import { useMemo } from 'react';
import { serverUrl } from '../../api/server-url.ts';
import { format, messages } from '../../messages/messages.ts';
import classes from '../explorer.module.css';
import { Panel } from '../panel.tsx';
import { type FoundLink, findLinks } from './find-links.ts';

const texts = messages.explorer.links;

/** The links of the response, such as those of files, to open. */
export function LinksPanel() {
  const response = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.response);
  const links = useMemo(() => linksIn(response ?? ''), [response]);
  if (links.length === 0) return null;
  return (
    <Panel title={texts.title}>
      <ul className={classes.list}>
        {links.map(({ name, field, href, needsKey }, index) => (
          <li key={index} className={classes.row}>
            {needsKey ? (
              <bdi className={classes.name}>{name}</bdi>
            ) : (
              <a className={classes.name} href={href} target="_blank" rel="noopener noreferrer">
                <bdi>{name}</bdi>
              </a>
            )}
            <code className={classes.hint}>{field}</code>
            {needsKey && <span className={classes.hint}>{format(texts.needsKey, { field })}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function linksIn(response: string): FoundLink[] {
  try {
    return findLinks(JSON.parse(response), serverUrl('.'));
  } catch {
    return []; // no response yet
  }
}
