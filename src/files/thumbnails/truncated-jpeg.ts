import sharp, { type Metadata, type SharpOptions } from 'sharp';

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = Buffer.from([0xff, 0xda]);

/** What is added to a picture at most, in bytes. */
export const ENDING_BYTES = END_OF_IMAGE.length;

/** The part of the rows that has to be there. */
const NEEDED = 0.9;

/** Whether a decoder failed because a JPEG ends too early. */
export const isTruncatedJpeg = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('premature end of JPEG image');

/**
 * A JPEG that lacks its end with an end put to it: one that has nine tenths of its rows, or, of a progressive one, whose
 * scans each have all rows, at least a whole scan. Undefined for one that lacks more. The bytes are
 * written to; behind them is room for `ENDING_BYTES`. https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.1.1.3
 */
export async function endJpeg(
  bytes: Buffer,
  { width, height, isProgressive }: Metadata,
  options: SharpOptions & { timeoutSeconds: number },
): Promise<Buffer | undefined> {
  const rows = isProgressive ? height : Math.max(1, Math.floor(height * NEEDED));
  // A scan that is not whole is left out. None of its bytes look like the start of another.
  const ends = [bytes.length, ...(isProgressive ? [bytes.lastIndexOf(START_OF_SCAN)] : [])];
  for (const end of ends) {
    if (end < 0) return undefined;
    const ended = Buffer.from(bytes.buffer, bytes.byteOffset, end + ENDING_BYTES);
    END_OF_IMAGE.copy(ended, end);
    if (await hasRows(ended, { width, height: rows }, options)) return ended;
  }
  return undefined;
}

/** Whether the first rows are whole. The decoder reads no more than these, and warns where it makes something up. */
async function hasRows(
  jpeg: Buffer,
  { width, height }: { width: number; height: number },
  { timeoutSeconds, ...options }: SharpOptions & { timeoutSeconds: number },
): Promise<boolean> {
  const decoding = sharp(jpeg, { ...options, failOn: 'warning' })
    .timeout({ seconds: timeoutSeconds })
    .extract({ left: 0, top: 0, width, height })
    .resize(1, 1, { fit: 'fill' }) // an average, for which each row is read
    .raw();
  return decoding.toBuffer().then(
    () => true,
    () => false,
  );
}
