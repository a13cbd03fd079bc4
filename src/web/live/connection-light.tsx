import { messages } from '../messages/messages.ts';
import classes from './connection-light.module.css';
import { useLight } from './live-provider.tsx';

/** Whether the view shows what happens now: a colour and a word, which screen readers announce. */
export function ConnectionLight() {
  const light = useLight();
  const text = light === 'idle' ? '' : messages.live.light[light];
  return (
    <span className={classes.light} role="status" aria-live="polite" title={text}>
      {light !== 'idle' && <span className={classes.dot} data-light={light} aria-hidden />}
      <span className={classes.text}>{text}</span>
    </span>
  );
}
