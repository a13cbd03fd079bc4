import type { MonacoEditor } from '@graphiql/react';
import { type PlacedFiles, withNulls } from './multipart.ts';

/**
 * Shows in the Variables editor, as null, where the files of a place go. Variables that are not JSON
 * stay as they are: the request has the nulls in any case.
 */
export function showNulls(editor: MonacoEditor, placed: PlacedFiles): void {
  const model = editor.getModel();
  if (!model) return;
  const text = model.getValue();
  let variables: unknown;
  try {
    variables = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return;
  }
  const next = JSON.stringify(withNulls(variables, [placed]), null, 2);
  if (next === text) return;
  editor.pushUndoStop();
  editor.executeEdits('files', [{ range: model.getFullModelRange(), text: next }]);
  editor.pushUndoStop();
}
