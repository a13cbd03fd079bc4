import { charsetOf } from '../files/inspect/charset.ts';
import { detectContentType } from '../files/inspect/content-type.ts';
import { dimensionsOf } from '../files/inspect/dimensions.ts';
import { runInTimeSlices } from '../files/inspect/time-slices.ts';

/** What is known of a file whose bytes were all received. Resumable uploads store it as JSON. */
export interface InspectedContent {
  name: string;
  /** In bytes. */
  size: number;
  /** In hex. */
  sha256: string;
  contentType: string;
  /** As in the column of a file. */
  charset: string | null;
  /**
   * Of an image, in pixels; null for anything else, and where its first bytes do not contain it.
   */
  width: number | null;
  height: number | null;
}

/** What is measured of a file while its bytes are received. */
interface MeasuredContent {
  /** In bytes. */
  size: number;
  /** In hex. */
  sha256: string;
  /** The first bytes, up to the storage's `headBytes`. */
  head: Uint8Array;
  isUtf8: boolean;
}

/**
 * Finds a file's type, charset and dimensions by its bytes, and by what the client claims. The name
 * is clean already.
 */
export async function inspectContent(
  { name, contentType: claimed }: { name: string; contentType: string },
  { size, sha256, head, isUtf8 }: MeasuredContent,
): Promise<InspectedContent> {
  return runInTimeSlices(async () => {
    const contentType = await detectContentType(head, claimed, name);
    const charset = charsetOf(contentType, { claimed, head, isUtf8 });
    return { name, size, sha256, contentType, charset, ...dimensionsOf(head, contentType) };
  });
}
