import { useState } from 'react';
import { formatSize } from '../../files/format-size.ts';
import { format, messages } from '../../messages/messages.ts';
import classes from '../explorer.module.css';
import type { UploadPlace } from './upload-places.ts';

const texts = messages.explorer.files;

interface PlaceRowProps {
  place: UploadPlace;
  files: File[];
  onChange(files: File[]): void;
}

/** A place for files: choose them, drop them, or remove them again. */
export function PlaceRow({ place: { path, type, isList }, files, onChange }: PlaceRowProps) {
  const [isOver, setIsOver] = useState(false);
  const add = (more: FileList) => {
    const added = [...more];
    if (added.length > 0) onChange(isList ? [...files, ...added] : added.slice(0, 1));
  };
  return (
    <fieldset
      className={classes.place}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        add(event.dataTransfer.files);
      }}
    >
      <legend className={classes.legend}>
        <code>${path}</code> <code className={classes.hint}>{type}</code>
      </legend>
      <div className={classes.row}>
        <label className={classes.button}>
          {isList ? texts.chooseSome : texts.chooseOne}
          <span className={classes.hidden}> {format(texts.forPlace, { path })}</span>
          <input
            type="file"
            className={classes.hidden}
            multiple={isList}
            onChange={({ currentTarget }) => {
              if (currentTarget.files) add(currentTarget.files);
              currentTarget.value = ''; // The same file may be chosen again.
            }}
          />
        </label>
        <span className={classes.hint}>{isList ? texts.dropSome : texts.dropOne}</span>
      </div>
      {files.length > 0 && (
        <ul className={classes.list}>
          {files.map((file, index) => (
            <li key={index} className={classes.row}>
              <bdi className={classes.name}>{file.name}</bdi>
              <span className={classes.hint}>{formatSize(file.size)}</span>
              <button
                type="button"
                className={classes.button}
                aria-label={format(texts.removeFile, { name: file.name })}
                onClick={() => onChange(files.filter((_, other) => other !== index))}
              >
                {texts.remove}
              </button>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
