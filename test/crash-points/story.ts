import type { Story } from '../../local/story.js';
import type { Teller } from './teller.js';

/** A story that is told once for each call at which a function may die. It ends when every run has its end. */
export interface CrashStory extends Story<Teller> {
  /**
   * `alone`: each message is an invocation of its own, so all tellings go on side by side. `batch`: ten messages to an
   * invocation. `together`: as `alone`, but all tellings meet on the way, so the story has a stack for itself.
   */
  readonly stage: 'alone' | 'batch' | 'together';
}
