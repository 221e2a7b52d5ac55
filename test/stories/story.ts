import type { StoryReceiver } from './receiver.js';
import type { StoryTeller } from './story-teller.js';

/** What Punctual does for its users, told from outside: by somebody with an address, a key, and a place to deliver to. */
export interface Story {
  readonly name: string;
  /** Takes longer than SQS can delay a message (15 minutes), so it is told only when asked for. */
  readonly isLong?: boolean;
  /** @throws Error for whatever is not as it is told */
  tell(teller: StoryTeller, receiver: StoryReceiver): Promise<void>;
}
