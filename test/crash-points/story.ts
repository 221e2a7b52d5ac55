import type { Teller } from './teller.js';

export interface Story {
  readonly name: string;
  /**
   * `alone`: each message is an invocation of its own, so all tellings go on side by side. `batch`: ten messages to an
   * invocation. `together`: as `alone`, but all tellings meet on the way, so the story has a stack for itself.
   */
  readonly stage: 'alone' | 'batch' | 'together';
  /** Ends when every run has its end; what functions still have to do then is waited for. */
  tell(t: Teller): Promise<void>;
}
