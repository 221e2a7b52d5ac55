import type { SpanningStory } from './spanning-story.js';
import { apiStories } from './stories/api.js';
import { eventStories } from './stories/events.js';
import { runStories } from './stories/runs.js';
import { scheduleStories } from './stories/schedules.js';

export const STORIES: readonly SpanningStory[] = [...runStories, ...scheduleStories, ...eventStories, ...apiStories];
