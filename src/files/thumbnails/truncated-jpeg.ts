import sharp, { type Metadata, type SharpOptions } from 'sharp';

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = Buffer.from([0xff, 0xda]);

/** The most bytes that `endJpeg` adds to an image. */
export const ENDING_BYTES = END_OF_IMAGE.length;

/** The share of the rows that must be complete. */
const MIN_ROWS = 0.9;

/** Whether an error of sharp reports a JPEG that is cut off. */
export const isTruncatedJpeg = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('premature end of JPEG image');

/**
 * Adds an end-of-image marker to a JPEG that is cut off. At least nine tenths of its rows must be
 * complete, or one whole scan of a progressive JPEG, whose scans each have all rows. Returns
 * undefined when more is missing. It writes into `bytes`, which must have `ENDING_BYTES` of spare
 * capacity behind it. https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.1.1.3
 */
export async function endJpeg(
  bytes: Buffer,
  { width, height, isProgressive }: Metadata,
  options: SharpOptions & { timeoutSeconds: number },
): Promise<Buffer | undefined> {
  const rows = isProgressive ? height : Math.max(1, Math.floor(height * MIN_ROWS));
  // An incomplete last scan is dropped. Its bytes cannot contain the marker of another scan.
  const ends = [bytes.length, ...(isProgressive ? [bytes.lastIndexOf(START_OF_SCAN)] : [])];
  for (const end of ends) {
    if (end < 0) return undefined;
    const ended = Buffer.from(bytes.buffer, bytes.byteOffset, end + ENDING_BYTES);
    END_OF_IMAGE.copy(ended, end);
    if (await hasRows(ended, { width, height: rows }, options)) return ended;
  }
  return undefined;
}

/**
 * Whether the first rows are complete. The decoder reads only these, and warns where it fills in
 * missing data.
 */
async function hasRows(
  jpeg: Buffer,
  { width, height }: { width: number; height: number },
  { timeoutSeconds, ...options }: SharpOptions & { timeoutSeconds: number },
): Promise<boolean> {
  const decoding = sharp(jpeg, { ...options, failOn: 'warning' })
    .timeout({ seconds: timeoutSeconds })
    .extract({ left: 0, top: 0, width, height })
    .resize(1, 1, { fit: 'fill' }) // The average, for which every row is decoded.
    .raw();
  return decoding.toBuffer().then(
    () => true,
    () => false,
  );
}
