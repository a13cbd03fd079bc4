import type { ChosenFile } from './upload-item.ts';

/** The most files of one drop or choice. More is usually a mistake, such as a home folder. */
const MAX_FILES = 10_000;
const MAX_DEPTH = 32;

/** What operating systems put into folders for themselves. */
const JUNK = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

export interface Chosen {
  files: ChosenFile[];
  /** Whether files were left out, because there are too many or some could not be read. */
  isIncomplete: boolean;
}

/** The files of an `<input type="file">`, with their paths below a folder that was chosen. */
export function filesOfInput(list: FileList): Chosen {
  const files = Array.from(list, (file) => ({ file, path: file.webkitRelativePath || file.name }));
  const kept = files.filter(({ file, path }) => path === file.name || !JUNK.has(file.name));
  return { files: kept.slice(0, MAX_FILES), isIncomplete: kept.length > MAX_FILES };
}

/** Whether files are being dragged, and not text or a link. */
export const hasFiles = (transfer: DataTransfer | null): boolean => transfer?.types.includes('Files') ?? false;

/** The files of a drop, and those in its folders. Call it in the event, and wait afterwards. */
export async function filesOfDrop(transfer: DataTransfer): Promise<Chosen> {
  // The list of items is empty after the event.
  const entries = Array.from(transfer.items, (item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  const chosen: Chosen = { files: [], isIncomplete: false };
  for (const entry of entries) if (entry) await collect(entry, 0, chosen);
  return chosen;
}

async function collect(entry: FileSystemEntry, depth: number, chosen: Chosen): Promise<void> {
  if (chosen.files.length >= MAX_FILES || depth > MAX_DEPTH) {
    chosen.isIncomplete = true;
    return;
  }
  if (depth > 0 && JUNK.has(entry.name)) return;
  try {
    if (isFile(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      chosen.files.push({ file, path: entry.fullPath.replace(/^\//, '') });
    } else if (isDirectory(entry)) {
      for await (const child of childrenOf(entry)) {
        await collect(child, depth + 1, chosen);
        if (chosen.isIncomplete && chosen.files.length >= MAX_FILES) return;
      }
    }
  } catch {
    chosen.isIncomplete = true;
  }
}

/** A reader returns some entries at each call, and none at the end. */
async function* childrenOf(directory: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = directory.createReader();
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    yield* entries;
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** The files of a paste; none when the user pastes text into a field. */
export function filesOfPaste({ clipboardData, target }: ClipboardEvent): Chosen {
  const pasted = Array.from(clipboardData?.files ?? []);
  // Office programs add a picture to the text that they copy.
  const isText = isField(target) && (clipboardData?.types.includes('text/plain') ?? false);
  const files = isText ? [] : pasted.map((file) => withName(file)).map((file) => ({ file, path: file.name }));
  return { files, isIncomplete: false };
}

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]');

/** Browsers call every picture of the clipboard `image.png`. */
function withName(file: File): File {
  const [, extension] = /^image\.(\w+)$/.exec(file.name) ?? [];
  if (!extension) return file;
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  const name = `Screenshot ${local.slice(0, 19).replace('T', ' ').replaceAll(':', '.')}.${extension}`;
  return new File([file], name, { type: file.type, lastModified: now.getTime() });
}
