import type { StoryReceiver } from './receiver.js';
import type { StoryTeller } from './story-teller.js';

/** What Punctual does for its users, seen from outside: a story has an address, a key and a receiver. */
export interface Story {
  readonly name: string;
  /** Takes longer than SQS can delay a message (15 minutes), so it is told only when asked for. */
  readonly isLong?: boolean;
  /** @throws Error for whatever is not as it is told */
  tell(teller: StoryTeller, receiver: StoryReceiver): Promise<void>;
}
