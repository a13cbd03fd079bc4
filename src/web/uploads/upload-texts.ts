import { formatSize } from '../files/format-size.ts';
import { format, messages } from '../messages/messages.ts';
import { formatSeconds, percentOf } from './format-progress.ts';
import { isUnfinished, type QueueSnapshot, type UploadItem, type UploadProblem } from './upload-item.ts';

const texts = messages.uploads;

/** Why an upload waits or failed, and what to do. */
export function explain({ code, message }: UploadProblem): string {
  const known: Record<string, string> = texts.problems;
  return format(known[code] ?? texts.problems.OTHER, { message }).trim();
}

const CONTINUES: ReadonlySet<string> = new Set(['UPLOAD_LOCKED', 'UPLOAD_EXPIRED']);

/** A repeated request may find that the server has more bytes, which is no news to the user. */
const explainWait = (problem: UploadProblem | undefined): string =>
  !problem || CONTINUES.has(problem.code) ? texts.row.continuing : explain(problem);

/** The state of one upload in a line. */
export function describeItem(item: UploadItem, now: number): string {
  const { state, size, sentBytes, speed, problem, retryAt } = item;
  const values = { size: formatSize(size), sent: formatSize(sentBytes), speed: formatSize(speed) };
  switch (state) {
    case 'uploading':
      return format(speed > 0 ? texts.row.uploadingAt : texts.row.uploading, values);
    case 'waiting': {
      const seconds = Math.ceil(((retryAt ?? now) - now) / 1000);
      const next = seconds > 0 ? format(texts.row.nextAttempt, { time: formatSeconds(seconds) }) : texts.row.trying;
      return `${navigator.onLine ? explainWait(problem) : texts.row.offline} ${next}`;
    }
    case 'failed':
      return explain(problem ?? { code: '', message: '' });
    default:
      return format(texts.row[state], values);
  }
}

/** The state of all uploads in a line, for the header of the panel. */
export function describeQueue({ items, counts, sentBytes, totalBytes, speed }: QueueSnapshot): string {
  const { done, failed, waiting, uploading, queued, paused } = counts;
  const unfinished = uploading + queued + waiting + paused;
  if (unfinished === 0) return describeEnd(counts);
  const values = { done, total: items.length - failed, percent: percentOf(sentBytes, totalBytes), failed };
  const parts = [
    format(uploading > 0 || queued > 0 ? texts.uploading : waiting > 0 ? texts.waiting : texts.paused, values),
  ];
  if (speed > 0) {
    const time = formatSeconds((totalBytes - sentBytes) / speed);
    parts.push(format(texts.remaining, { speed: formatSize(speed), time }));
  }
  if (failed > 0) parts.push(format(texts.failed, { failed }));
  return parts.join(' · ');
}

function describeEnd({ done, failed }: QueueSnapshot['counts']): string {
  const parts = [
    ...(done > 0 ? [format(done === 1 ? texts.oneDone : texts.done, { done })] : []),
    ...(failed > 0 ? [format(texts.failed, { failed })] : []),
  ];
  return parts.join(' · ');
}

/**
 * What a screen reader says of the uploads: their beginning, their end, and what needs the user. It
 * does not change with every file or percent.
 */
export function announce(snapshot: QueueSnapshot): string {
  const { items, counts } = snapshot;
  const failed = items.findLast(({ state }) => state === 'failed');
  const problem = failed?.problem
    ? format(texts.announceFailed, { name: failed.name, why: explain(failed.problem) })
    : '';
  if (!items.some(isUnfinished)) return `${describeEnd(counts)} ${problem}`.trim();
  const state =
    counts.waiting > 0 ? texts.announceWaiting : counts.paused > 0 ? texts.announcePaused : texts.announceUploading;
  return `${state} ${problem}`.trim();
}
