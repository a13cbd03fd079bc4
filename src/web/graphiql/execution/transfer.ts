/** An upload of files by an operation, from its first byte until its response. */
export interface Transfer {
  /** The tab whose operation it is. */
  tabId: string;
  state: 'sending' | 'answered' | 'failed' | 'stopped';
  sent: number;
  total: number;
  /** Why it failed. */
  message?: string;
}
