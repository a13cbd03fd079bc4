import { serverUrl } from '../api/server-url.ts';
import { messages } from '../messages/messages.ts';
import classes from './explorer.module.css';

interface ExplorerBarProps {
  viewerName: string;
  onSignOut(): void;
}

/** Who has signed in, and the way to the page. */
export function ExplorerBar({ viewerName, onSignOut }: ExplorerBarProps) {
  const texts = messages.explorer;
  return (
    <header className={classes.bar}>
      <h1 className={classes.appName}>{texts.title}</h1>
      <a href={serverUrl('.')}>{texts.page}</a>
      <bdi className={classes.viewer}>{viewerName}</bdi>
      <button type="button" className={classes.button} onClick={onSignOut}>
        {messages.signIn.signOut}
      </button>
    </header>
  );
}
