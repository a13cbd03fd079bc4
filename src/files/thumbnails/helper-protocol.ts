/** What the server and the process that makes thumbnails tell each other. The picture itself goes over standard input. */

export interface Picture {
  /** Bytes that come over standard input. */
  size: number;
  /** In pixels: what the thumbnail has to fit into. */
  width: number;
  height: number;
  /** Of the picture. */
  maxPixels: number;
  /** Resident bytes of the process. Beyond it, it kills itself. */
  maxMemory: number;
  timeoutSeconds: number;
}

/** `residentBytes` is what the process has when it is done. */
export type Reply = { residentBytes: number } & ({ thumbnail: Uint8Array } | { unreadable: string });
