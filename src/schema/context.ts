import type { Upload } from 'graphql-upload-minimal';
import type { Guest } from '../auth/guest.ts';
import type { RequestContext } from '../context.ts';
import type { SubscribeOptions } from '../events/events.ts';
import type { ByteAllowance } from '../uploads/byte-allowance.ts';
import type { ReceiveOutcome } from '../uploads/receive.ts';

/** The context of every resolver. */
export interface GraphQLContext extends RequestContext {
  /** Set for the bearer of a guest's token; then `viewer` is `GUEST_VIEWER`. */
  guest?: Guest | undefined;
  /**
   * Receives one file of the request. The first call starts reading the body with all of its files.
   * Rejects when the request as a whole cannot be read: then none of its files is stored.
   */
  receive(upload: Upload, allowance?: ByteAllowance): Promise<ReceiveOutcome>;
  /**
   * The cursor with which a client of server-sent events resumes, from the header `Last-Event-ID`.
   */
  lastEventId?: string | undefined;
  /** The options that the transport sets for a subscription. */
  subscription?: Pick<SubscribeOptions, 'queryKey' | 'hasOwnConnection'>;
  /** The base URL of this server for clients, without a trailing slash. */
  publicUrl: string;
}
