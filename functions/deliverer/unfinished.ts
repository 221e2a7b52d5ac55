import type { DeliverToken } from '../core/run/token.js';

/**
 * The worker cannot write down what it knows. The message's copy takes that along: whether the call was made, and what came
 * of it, must not depend on a table that refuses writes for an hour.
 */
export class Unfinished extends Error {
  override readonly name = 'Unfinished';
  /** @param token what the copy of the message has to say */
  constructor(
    readonly token: DeliverToken,
    cause: unknown,
  ) {
    super('the worker could not record what it knows', { cause });
  }
}
