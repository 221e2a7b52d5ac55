import type { StoryReceiver } from '../stories/receiver.js';
import type { StoryTeller } from '../stories/story-teller.js';
import type { HttpClient } from '../support/http-client.js';
import type { SwitchedStack } from './switched-stack.js';

/** A user with a project of its own, whose work begins under one release and ends under the other. */
export interface Spanning {
  readonly teller: StoryTeller;
  /** Who made the project. */
  readonly operator: HttpClient;
  readonly receiver: Required<StoryReceiver>;
  readonly stack: SwitchedStack;
}

/** What happens at a `yield`: first the release changes, then half an hour passes, and in a rollback the first release returns. */
export interface SpanningStory {
  readonly name: string;
  /** What it begins is over within seconds, so it begins right before the switch. */
  readonly isBrief?: boolean;
  tell(spanning: Spanning): AsyncGenerator<undefined, void>;
}

export const MINUTE_SECONDS = 60;
