import { batchStories } from './stories/batches.js';
import { deliveryStories } from './stories/deliveries.js';
import { endpointStories } from './stories/endpoints.js';
import { eventStories } from './stories/events.js';
import { intakeStories } from './stories/intake.js';
import { interventionStories } from './stories/interventions.js';
import { listenerStories } from './stories/listeners.js';
import { replayStories } from './stories/replays.js';
import { scheduleStories } from './stories/schedules.js';
import { targetStories } from './stories/targets.js';
import { wakeUpStories } from './stories/wake-ups.js';
import type { CrashStory } from './story.js';

export const STORIES: readonly CrashStory[] = [
  ...wakeUpStories,
  ...batchStories,
  ...interventionStories,
  ...deliveryStories,
  ...targetStories,
  ...listenerStories,
  ...replayStories,
  ...scheduleStories,
  ...eventStories,
  ...intakeStories,
  ...endpointStories,
];

/** @throws Error when there is none of that name */
export function storyOf(name: string): CrashStory {
  const found = STORIES.find((story) => story.name === name);
  if (!found) throw new Error(`--story ${name}: must be one of\n  ${STORIES.map((story) => story.name).join('\n  ')}`);
  return found;
}
