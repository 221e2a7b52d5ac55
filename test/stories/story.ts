import type { Story } from '../../local/story.js';
import type { StoryReceiver } from './receiver.js';
import type { StoryTeller } from './story-teller.js';

/** A user with an address, a key, and a place to deliver to. */
export interface Outside {
  readonly teller: StoryTeller;
  readonly receiver: StoryReceiver;
}

/** A story that is told from outside, against any address. */
export interface OutsideStory extends Story<Outside> {
  /** Takes longer than SQS can delay a message (15 minutes), so it is told only when asked for. */
  readonly isLong?: boolean;
}
