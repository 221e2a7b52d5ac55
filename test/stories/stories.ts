import { cronServiceStory } from './cron-service.js';
import { deadLetterStory } from './dead-letter.js';
import { dispatchStory } from './dispatch.js';
import { endpointStory } from './endpoint.js';
import { eventStory } from './event.js';
import { bulkReplayStory, replayStory } from './replay.js';
import { retryStory } from './retry.js';
import { cronStory, farStory, nightlyStory, onceStory } from './schedule.js';
import { statsStory } from './stats.js';
import type { OutsideStory } from './story.js';
import { inlineTargetStory, taskStory } from './task.js';

export const STORIES: readonly OutsideStory[] = [
  endpointStory,
  taskStory,
  inlineTargetStory,
  retryStory,
  deadLetterStory,
  replayStory,
  bulkReplayStory,
  cronStory,
  onceStory,
  nightlyStory,
  farStory,
  eventStory,
  cronServiceStory,
  dispatchStory,
  statsStory,
];
