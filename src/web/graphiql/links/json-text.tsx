import { serverUrl } from '../../api/server-url.ts';
import { jsonPieces } from './json-lines.ts';

/** A value as formatted JSON, whose links can be opened. */
export function JsonText({ value }: { value: unknown }) {
  let offset = 0;
  return jsonPieces(value, serverUrl('.')).map(({ text, href }) => {
    const key = offset;
    offset += text.length;
    if (!href) return <span key={key}>{text}</span>;
    return (
      <a key={key} href={href} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    );
  });
}
