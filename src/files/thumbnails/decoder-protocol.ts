/**
 * The messages between the server and the decoder process. The image itself is sent over standard
 * input.
 */

/** The thumbnail to make. */
export interface ThumbnailRequest {
  /** Bytes of the image, which are sent over standard input. */
  size: number;
  /** The width and height, in pixels, that the thumbnail must not exceed. */
  width: number;
  height: number;
  /** The most pixels that the image may have. */
  maxPixels: number;
  /** Resident bytes of the process. Beyond them, it kills itself. */
  maxMemory: number;
  timeoutSeconds: number;
}

/**
 * The thumbnail as WebP, or why the image could not be decoded. `residentBytes` is the memory of
 * the process afterwards.
 */
export type ThumbnailReply = { residentBytes: number } & ({ thumbnail: Uint8Array } | { unreadable: string });
