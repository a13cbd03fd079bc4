import type { Upload } from 'graphql-upload-minimal';
import type { Context } from '../context.ts';
import type { SubscribeOptions } from '../events/events.ts';
import type { ByteAllowance } from '../uploads/byte-allowance.ts';
import type { ReceiveOutcome } from '../uploads/receive.ts';

/** What every resolver is given. */
export interface GraphQLContext extends Context {
  /**
   * Takes one file of the request. Asking for the first one starts the reading of all of them.
   * Rejects when the request as a whole cannot be read; then none of its files is kept.
   */
  receive(upload: Upload, allowance?: ByteAllowance): Promise<ReceiveOutcome>;
  /** The cursor of the last event that a client heard who comes back, as its transport tells. */
  lastEventId?: string | undefined;
  /** Of a subscription: what its transport counts it as. */
  subscription?: Pick<SubscribeOptions, 'queryKey' | 'hasOwnConnection'>;
  /** Where clients reach this server, without a slash at the end. */
  publicUrl: string;
}
