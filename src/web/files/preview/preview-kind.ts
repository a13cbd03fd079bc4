/** How a file can be shown. */
export type PreviewKind = 'image' | 'audio' | 'video' | 'pdf' | 'text' | 'none';

/** Types besides `text/*` whose content is text. */
const TEXT = /^application\/(json|.*\+json|xml|.*\+xml|javascript|x-sh|yaml|x-yaml|toml|sql|x-ndjson)$/;

/** Nothing that is shown runs: what is not an image, a sound, a film or a PDF is shown as text. */
export function previewKindOf(contentType: string): PreviewKind {
  if (contentType.startsWith('image/')) return 'image';
  if (contentType.startsWith('audio/')) return 'audio';
  if (contentType.startsWith('video/')) return 'video';
  if (contentType === 'application/pdf') return 'pdf';
  if (contentType.startsWith('text/') || TEXT.test(contentType)) return 'text';
  return 'none';
}
