import { type ReactNode, useId } from 'react';
import classes from './explorer.module.css';

interface PanelProps {
  title: string;
  /** Beside the title, such as buttons. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of the page below the response. */
export function Panel({ title, actions, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header className={classes.panelHeader}>
        <h2 id={id} className={classes.panelTitle}>
          {title}
        </h2>
        {actions}
      </header>
      {children}
    </section>
  );
}
