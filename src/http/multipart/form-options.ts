import type { Limits } from '../../context.ts';
import type { CreateReceiver } from '../../uploads/receive.ts';
import type { BodyBudget } from '../body/body-budget.ts';
import type { Pace } from '../body/transfer-clock.ts';

/** What the readers of multipart forms need. */
export interface FormOptions {
  /** Starts to receive a file. */
  createReceiver: CreateReceiver;
  limits: Limits;
  /** The longest field, in bytes. */
  maxFieldSize: number;
  /** How slowly a client may send the form while the server is ready to read. */
  pace: Pace;
  /** Where the memory of the fields is reserved: they are held until the request ends. */
  budget: BodyBudget;
}
