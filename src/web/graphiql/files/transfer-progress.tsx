import { useGraphiQLActions } from '@graphiql/react';
import { formatSize } from '../../files/format-size.ts';
import { format, messages } from '../../messages/messages.ts';
import type { Transfer } from '../execution/transfer.ts';
import classes from '../explorer.module.css';
import { type Store, useStore } from '../store.ts';

const texts = messages.explorer.files;

interface TransferProgressProps {
  transfer: Store<Transfer | undefined>;
  tabId: string;
}

/** How far the upload is, and a button that stops it. */
export function TransferProgress({ transfer: store, tabId }: TransferProgressProps) {
  const { stop } = useGraphiQLActions();
  const transfer = useStore(store);
  if (transfer?.tabId !== tabId) return null;
  const { state, sent, total, message } = transfer;
  const isSent = total > 0 && sent === total;
  return (
    <>
      {state === 'sending' && (
        <div className={classes.row}>
          <progress className={classes.progress} aria-label={texts.progress} max={total || 1} value={sent} />
          <span className={classes.hint}>
            {isSent ? texts.storing : format(texts.sent, { sent: formatSize(sent), total: formatSize(total) })}
          </span>
          <button type="button" className={classes.button} onClick={stop}>
            {texts.stop}
          </button>
        </div>
      )}
      <p className={state === 'failed' ? classes.failure : classes.hint} role="status">
        {state === 'sending' ? '' : state === 'failed' ? message : texts[state]}
      </p>
    </>
  );
}
